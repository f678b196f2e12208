// The meeting.
import { useSignal } from '@preact/signals';
import { Chat } from './chat';
import { useCall } from './context';
import { Grid } from './grid';
import { LinkIcon, SoundIcon } from './icons';
import { Notices } from './notices';
import { Status } from './status';
import { Toolbar } from './toolbar';
import { Audio } from './video';

function CopyLink() {
  const { store } = useCall();
  const copy = () =>
    navigator.clipboard.writeText(location.href).then(
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
    <div class={store.chatOpen.value ? 'call call-with-chat' : 'call'} data-testid="call-page">
      <header class="head">
        <h1 class="head-room">{call.roomName}</h1>
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
        <Notices />
      </main>
      {store.chatOpen.value && <Chat onClose={() => store.openChat(false)} />}
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
