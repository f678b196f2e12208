// Line icons, drawn for this page on a 24-pixel field. They carry no meaning of their own: buttons have labels.
import type { ComponentChildren } from 'preact';

const icon = (children: ComponentChildren) => () => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

const slash = <path d="M4 4l16 16" />;

export const MicIcon = icon(
  <path d="M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3M9 20h6" />,
);
export const MicOffIcon = icon(
  <>
    <path d="M15 10V7a3 3 0 0 0-5.8-1M9 10v1a3 3 0 0 0 4.6 2.5M6 11a6 6 0 0 0 9.5 4.9M18 11a6 6 0 0 1-.6 2.6M12 17v3M9 20h6" />
    {slash}
  </>,
);
export const CameraIcon = icon(
  <path d="M5 7h8a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM15 11l6-3.5v9L15 13" />,
);
export const CameraOffIcon = icon(
  <>
    <path d="M10 7h3a2 2 0 0 1 2 2v2l6-3.5v9l-3-1.7M15 15a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1" />
    {slash}
  </>,
);
export const ScreenIcon = icon(
  <path d="M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 20h8M12 13V8M9.5 10L12 7.5 14.5 10" />,
);
export const ChatIcon = icon(
  <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z" />,
);
export const LeaveIcon = icon(
  <path d="M1.5 13.5c0-6.5 21-6.5 21 0v2.3a1 1 0 0 1-1.2 1l-4-.8a1 1 0 0 1-.8-1v-2.6a16 16 0 0 0-9 0V15a1 1 0 0 1-.8 1l-4 .8a1 1 0 0 1-1.2-1z" />,
);
export const LinkIcon = icon(
  <path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.6 6.7M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7L12.4 17.3" />,
);
export const SendIcon = icon(<path d="M4 12l16-7-5 15-4-6zM11 14l9-9" />);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6L6 18" />);
export const PinIcon = icon(
  <path d="M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4" />,
);
export const UnpinIcon = icon(
  <path d="M9 4v4a1 1 0 0 1-1 1H4M20 9h-4a1 1 0 0 1-1-1V4M15 20v-4a1 1 0 0 1 1-1h4M4 15h4a1 1 0 0 1 1 1v4" />,
);
export const StarIcon = icon(<path d="M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z" />);
export const SoundIcon = icon(<path d="M4 10v4h3l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11" />);
export const HandIcon = icon(
  <path d="M8 12.5V6a1.4 1.4 0 0 1 2.8 0v5V4.4a1.4 1.4 0 0 1 2.8 0V11 5.6a1.4 1.4 0 0 1 2.8 0V12 8.4a1.4 1.4 0 0 1 2.8 0V15a6 6 0 0 1-6 6h-.8a6 6 0 0 1-4.6-2.2L4.3 14.6a1.5 1.5 0 0 1 2.2-2z" />,
);
export const PeopleIcon = icon(
  <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c0-7.3 13-7.3 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 13.8c2.2.8 3.5 2.7 3.5 5.7" />,
);
export const RulesIcon = icon(<path d="M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5M16 7h.01M8 17h.01" />);
export const SmileIcon = icon(
  <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1.7 2.3 5.3 2.3 7 0M9 9.5h.01M15 9.5h.01" />,
);
export const MoreIcon = icon(<path d="M12 6h.01M12 12h.01M12 18h.01" stroke-width="3" />);
export const LockIcon = icon(
  <path d="M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3" />,
);
