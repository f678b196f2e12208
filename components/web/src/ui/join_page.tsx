// Before the meeting: one's own picture, a name, what to bring in. Joining works without any device. A host signs in here,
// too, and says how the meeting shall be.
import { useEffect, useState } from 'preact/hooks';
import type { Device } from '../media/session';
import { type PresetName, presetOf } from '../state/presets';
import { cleanName } from '../state/text';
import { useCall } from './context';
import { PresetChoice } from './host/preset_choice';
import { SignedIn, SignInForm } from './host/sign_in_form';
import { Preview } from './preview';

interface JoinPageProps {
  startWith: Device[];
  preset: PresetName | undefined;
}

export function JoinPage({ startWith, preset }: JoinPageProps) {
  const call = useCall();
  const { store, local, account } = call;
  const host = account.host.value;
  const [name, setName] = useState(store.ownName.value);
  const [chosen, choose] = useState<PresetName>(preset ?? 'classroom');
  const { microphone, camera } = store.local.value;
  const errors = [store.failure.value, ...Object.values(store.deviceErrors.value)].filter(Boolean);
  useEffect(() => {
    for (const device of startWith) void local.turnOn(device);
  }, []);
  const join = (event: Event) => {
    event.preventDefault();
    call.join(cleanName(name), host && presetOf(chosen));
  };
  return (
    <main class="centre" data-testid="join-page">
      <div class="card join">
        <Preview />
        <div class="join-form">
          <p class="muted">You are about to join</p>
          <h1 class="room-title" data-testid="join-room">
            {call.roomName}
          </h1>
          <form class="stack" onSubmit={join}>
            <label class="field">
              <span>Your name</span>
              <input
                autoFocus
                autoComplete="nickname"
                maxLength={60}
                placeholder="Guest"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
                data-testid="join-name"
              />
            </label>
            {host && <PresetChoice chosen={chosen} onChoose={choose} />}
            {errors.length > 0 && (
              <ul class="errors" role="alert">
                {errors.map((error) => (
                  <li key={error} data-testid="device-error">
                    {error}
                  </li>
                ))}
              </ul>
            )}
            <button type="submit" class="button" data-testid="join-button">
              {host ? 'Start or join as host' : 'Join'}
              {microphone || camera ? '' : ' without camera and microphone'}
            </button>
          </form>
          <HostSignIn />
        </div>
      </div>
    </main>
  );
}

export function HostSignIn() {
  const { account, config } = useCall();
  if (account.host.value) return <SignedIn account={account} />;
  return (
    <details class="host-sign-in">
      <summary data-testid="host-sign-in">Are you the host? Sign in</summary>
      <SignInForm config={config} account={account} />
    </details>
  );
}
