// Not yet in: no host is there, or nobody has let us in, or the meeting asks for a password.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCall } from './context';
import { HostSignIn } from './join_page';
import { Preview } from './preview';

export function WaitingPage() {
  const { store } = useCall();
  const phase = store.phase.value;
  return (
    <main class="centre" data-testid={`${phase}-page`}>
      <div class="card join">
        <Preview />
        <div class="join-form">
          {phase === 'waiting' && <WaitingForHost />}
          {phase === 'knocking' && <Knocking />}
          {phase === 'password' && <Password />}
          {store.trouble.value && <p class="error">{store.trouble.value}</p>}
          <Leave />
        </div>
      </div>
    </main>
  );
}

function WaitingForHost() {
  const call = useCall();
  const { account, store } = call;
  const signedOut = useRef(!account.host.value);
  const host = account.host.value;
  // Whoever signs in here is the one whom all wait for: to the door, to say how the meeting shall be.
  useEffect(() => {
    if (host && signedOut.current) call.backToDoor();
  }, [host]);
  return (
    <>
      <div role="status">
        <h1>Waiting for the host</h1>
      </div>
      <p>
        {store.ownName.value && `Hello ${store.ownName.value}. `}The meeting has not started yet. Stay on this
        page: it lets you in when the host comes.
      </p>
      <Waves />
      <HostSignIn />
    </>
  );
}

function Knocking() {
  const { store } = useCall();
  return (
    <>
      <div role="status">
        <h1>You are in the lobby</h1>
      </div>
      <p>
        The host sees you as <strong>{store.ownName.value || 'Guest'}</strong> and lets you in. You need not
        do anything.
      </p>
      <Waves />
    </>
  );
}

function Password() {
  const call = useCall();
  const [password, setPassword] = useState('');
  const { failure } = call.store;
  const join = (event: Event) => {
    event.preventDefault();
    if (password) call.joinWithPassword(password);
  };
  return (
    <form class="stack" onSubmit={join}>
      <h1>This meeting has a password</h1>
      <label class="field">
        <span>Password of the meeting</span>
        <input
          autoFocus
          type="password"
          autoComplete="off"
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
          data-testid="meeting-password"
        />
      </label>
      {failure.value && (
        <p class="error" role="alert" data-testid="password-error">
          {failure.value}
        </p>
      )}
      <button type="submit" class="button" disabled={!password} data-testid="meeting-password-join">
        Join
      </button>
    </form>
  );
}

const Waves = () => (
  <p class="waves" aria-hidden="true">
    <span />
    <span />
    <span />
  </p>
);

function Leave() {
  const call = useCall();
  return (
    <button type="button" class="text-button" onClick={() => call.leave()} data-testid="waiting-leave">
      Leave
    </button>
  );
}
