// The microphone's and the camera's switches, as they stand before and in the meeting.
import type { Device } from '../media/session';
import { RoundButton } from './button';
import { useCall } from './context';
import { CameraIcon, CameraOffIcon, MicIcon, MicOffIcon } from './icons';

interface DeviceButtonsProps {
  /** `join` gives `join-mic` and `join-camera`. */
  testId: string;
  microphoneLabels: { on: string; off: string };
  onToggle: (device: Device) => void;
}

export function DeviceButtons({ testId, microphoneLabels, onToggle }: DeviceButtonsProps) {
  const { microphone, camera } = useCall().store.local.value;
  return (
    <>
      <RoundButton
        label={microphone ? microphoneLabels.off : microphoneLabels.on}
        testId={`${testId}-mic`}
        pressed={microphone !== null}
        tone={microphone ? 'plain' : 'off'}
        onClick={() => onToggle('microphone')}
      >
        {microphone ? <MicIcon /> : <MicOffIcon />}
      </RoundButton>
      <RoundButton
        label={camera ? 'Turn camera off' : 'Turn camera on'}
        testId={`${testId}-camera`}
        pressed={camera !== null}
        tone={camera ? 'plain' : 'off'}
        onClick={() => onToggle('camera')}
      >
        {camera ? <CameraIcon /> : <CameraOffIcon />}
      </RoundButton>
    </>
  );
}
