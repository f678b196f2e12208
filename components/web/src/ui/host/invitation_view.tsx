// What a host sends to guests: the link, its QR code, a text to paste into a mail.
import { useSignal } from '@preact/signals';
import { invitation, isReadable, meetingLink } from '../../state/meeting_link';
import { QrCode } from './qr_code';

interface InvitationViewProps {
  room: string;
  host: string;
  password?: string;
}

export function InvitationView({ room, host, password = '' }: InvitationViewProps) {
  const said = useSignal('');
  const link = meetingLink(room);
  const text = invitation(link, host, password);
  const copy = (what: string, label: string) =>
    navigator.clipboard.writeText(what).then(
      () => (said.value = `${label} copied.`),
      () => (said.value = 'The browser did not allow it: select and copy by hand.'),
    );
  return (
    <div class="invitation">
      <QrCode text={link} />
      <div class="stack">
        <p class="link-text" data-testid="meeting-link">
          {link}
        </p>
        {isReadable(room) && (
          <p class="muted small">
            To read out: <strong>{room.replaceAll('-', ' ')}</strong>
          </p>
        )}
        <label class="field">
          <span>Invitation</span>
          <textarea readOnly rows={8} value={text} data-testid="invitation-text" />
        </label>
        <div class="buttons">
          <button
            type="button"
            class="button button-plain"
            onClick={() => void copy(link, 'Link')}
            data-testid="copy-meeting-link"
          >
            Copy link
          </button>
          <button
            type="button"
            class="button button-plain"
            onClick={() => void copy(text, 'Invitation')}
            data-testid="copy-invitation"
          >
            Copy invitation
          </button>
        </div>
        <p class="muted small" role="status">
          {said.value}
        </p>
      </div>
    </div>
  );
}
