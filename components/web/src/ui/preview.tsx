// One's own picture before the meeting, with the switches for camera and microphone.
import { useCall } from './context';
import { DeviceButtons } from './device_buttons';
import { Video } from './video';

export function Preview() {
  const { store, local } = useCall();
  const { camera } = store.local.value;
  return (
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
          onToggle={(device) => (local.isOn(device) ? local.turnOff(device) : void local.turnOn(device))}
        />
      </div>
    </div>
  );
}
