// The page at `/`: join a meeting by its name or link; sign in as a host and make a new one.
import { useState } from 'preact/hooks';
import { type Config, roomFromPath } from '../config';
import type { HostAccount } from '../state/host_account';
import type { PresetName } from '../state/presets';
import { NewMeeting } from './host/new_meeting';
import { SignedIn, SignInForm } from './host/sign_in_form';

interface HomePageProps {
  config: Config;
  account: HostAccount;
  onOpen: (room: string, preset?: PresetName) => void;
}

export function HomePage({ config, account, onOpen }: HomePageProps) {
  const host = account.host.value;
  return (
    <main class="centre" data-testid="room-page">
      <div class={host ? 'home home-host' : 'home'}>
        <header class="home-head">
          <h1 class="brand">Cloister</h1>
          <p class="muted">Meetings that leave nothing behind.</p>
        </header>
        <section class="card" aria-labelledby="join-title">
          <h2 id="join-title">Join a meeting</h2>
          <JoinByName onOpen={onOpen} />
        </section>
        <section class="card" aria-labelledby="host-title">
          <h2 id="host-title">{host ? 'New meeting' : 'Host a meeting'}</h2>
          {host ? (
            <>
              <SignedIn account={account} />
              <NewMeeting user={host.user} onStart={onOpen} />
            </>
          ) : (
            <SignInForm config={config} account={account} />
          )}
        </section>
      </div>
    </main>
  );
}

function JoinByName({ onOpen }: { onOpen: (room: string) => void }) {
  const [typed, setTyped] = useState('');
  const room = roomFromTyped(typed);
  const open = (event: Event) => {
    event.preventDefault();
    if (room) onOpen(room);
  };
  return (
    <form class="stack" onSubmit={open}>
      <label class="field">
        <span>Link or name of the meeting</span>
        <input
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          maxLength={300}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          data-testid="room-name-input"
        />
      </label>
      <button type="submit" class="button" disabled={!room} data-testid="room-open">
        Join
      </button>
    </form>
  );
}

/** A whole link was pasted, or a name typed. */
const roomFromTyped = (typed: string): string =>
  roomFromPath(URL.canParse(typed.trim()) ? new URL(typed.trim()).pathname : encodeURIComponent(typed));
