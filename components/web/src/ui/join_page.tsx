// Before the meeting: one's own picture, a name, what to bring in. Joining works without any device.
import { useEffect, useState } from 'preact/hooks';
import type { Device } from '../media/session';
import { cleanName } from '../state/text';
import { useCall } from './context';
import { DeviceButtons } from './device_buttons';
import { Video } from './video';

interface JoinPageProps {
  startWith: Device[];
  onJoin: (name: string) => void;
}

export function JoinPage({ startWith, onJoin }: JoinPageProps) {
  const call = useCall();
  const { store, local } = call;
  const [name, setName] = useState(store.ownName.value);
  const { microphone, camera } = store.local.value;
  const errors = Object.values(store.deviceErrors.value);
  useEffect(() => {
    for (const device of startWith) void local.turnOn(device);
  }, []);
  const toggle = (device: Device) => (local.isOn(device) ? local.turnOff(device) : void local.turnOn(device));
  const join = (event: Event) => {
    event.preventDefault();
    onJoin(cleanName(name));
  };
  return (
    <main class="centre" data-testid="join-page">
      <form class="card join" onSubmit={join}>
        <div class="preview">
          {camera ? (
            <Video track={camera} mirrored testId="join-preview" />
          ) : (
            <p class="preview-empty" data-testid="join-preview-empty">
              Your camera is off
            </p>
          )}
          <div class="preview-controls">
            <DeviceButtons
              testId="join"
              microphoneLabels={{ on: 'Turn microphone on', off: 'Turn microphone off' }}
              onToggle={toggle}
            />
          </div>
        </div>
        <div class="join-form">
          <p class="muted">You are about to join</p>
          <h1 class="room-title" data-testid="join-room">
            {call.roomName}
          </h1>
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
            Join{microphone || camera ? '' : ' without camera and microphone'}
          </button>
        </div>
      </form>
    </main>
  );
}
