// The meeting.
import { useSignal } from '@preact/signals';
import { meetingLink } from '../state/meeting_link';
import { leads, roleLabel } from '../state/rights';
import { Chat } from './chat';
import { useCall } from './context';
import { Grid } from './grid';
import { MeetingPanel } from './host/meeting_panel';
import { PeoplePanel } from './host/people_panel';
import { LinkIcon, LockIcon, SoundIcon } from './icons';
import { Notices } from './notices';
import { ReactionsShown } from './reactions';
import { Status } from './status';
import { Toolbar } from './toolbar';
import { Audio } from './video';

function CopyLink() {
  const { store, roomName } = useCall();
  const copy = () =>
    navigator.clipboard.writeText(meetingLink(roomName)).then(
      () => store.notify('The link of this meeting is in your clipboard.'),
      () => store.notify('The browser did not let the link be copied.'),
    );
  return (
    <button type="button" class="chip" onClick={() => void copy()} data-testid="copy-link">
      <LinkIcon />
      <span class="chip-text">Copy link</span>
    </button>
  );
}

function OwnRole() {
  const { store } = useCall();
  const role = store.role.value;
  if (role === 'participant') return null;
  return (
    <span class={leads(role) ? 'role role-leads' : 'role'} data-testid="own-role">
      {roleLabel(role)}
    </span>
  );
}

function Locked() {
  const { membersOnly, password } = useCall().store.roomInfo.value;
  const label = [membersOnly && 'The lobby is on', password && 'a password is set']
    .filter(Boolean)
    .join(', ');
  if (!label) return null;
  return (
    <span class="locked" role="img" aria-label={label} title={label} data-testid="locked">
      <LockIcon />
    </span>
  );
}

function SidePanel() {
  const { store } = useCall();
  const close = () => store.openPanel('none');
  switch (store.panel.value) {
    case 'chat':
      return <Chat onClose={close} />;
    case 'people':
      return <PeoplePanel onClose={close} />;
    case 'meeting':
      return <MeetingPanel onClose={close} />;
    default:
      return null;
  }
}

export function CallPage() {
  const call = useCall();
  const { store } = call;
  const blocked = useSignal<(() => void)[]>([]);
  const unblock = () => {
    for (const retry of blocked.value) retry();
    blocked.value = [];
  };
  const audio = store.tracks.value.filter(({ source }) => source.kind === 'audio');
  return (
    <div class={store.panel.value === 'none' ? 'call' : 'call call-with-panel'} data-testid="call-page">
      <header class="head">
        <h1 class="head-room">{call.roomName}</h1>
        <Locked />
        <OwnRole />
        <CopyLink />
        <Status />
      </header>
      <main class="stage-area">
        <Grid />
        {blocked.value.length > 0 && (
          <button type="button" class="button sound" onClick={unblock} data-testid="unblock-sound">
            <SoundIcon /> Turn on sound
          </button>
        )}
        <ReactionsShown />
        <Notices />
      </main>
      <SidePanel />
      <Toolbar />
      {audio.map(({ mid, track }) => (
        <Audio
          key={mid}
          track={track}
          onBlocked={(retry) => {
            blocked.value = [...blocked.value, retry];
          }}
        />
      ))}
    </div>
  );
}
