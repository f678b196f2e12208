// What one can do in the meeting.
import type { Device } from '../media/session';
import { RoundButton } from './button';
import { useCall } from './context';
import { CameraIcon, CameraOffIcon, ChatIcon, LeaveIcon, MicIcon, MicOffIcon, ScreenIcon } from './icons';

export function Toolbar() {
  const call = useCall();
  const { store, local } = call;
  const { microphone, camera, screen } = store.local.value;
  const toggle = (device: Device) => async () => {
    if (local.isOn(device)) return local.turnOff(device);
    await local.turnOn(device);
    const error = store.deviceErrors.value[device];
    if (error) store.notify(error);
  };
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <nav class="toolbar" aria-label="Meeting controls">
      <RoundButton
        label={microphone ? 'Mute microphone' : 'Unmute microphone'}
        testId="toolbar-mic"
        pressed={microphone !== null}
        tone={microphone ? 'plain' : 'off'}
        onClick={toggle('microphone')}
      >
        {microphone ? <MicIcon /> : <MicOffIcon />}
      </RoundButton>
      <RoundButton
        label={camera ? 'Turn camera off' : 'Turn camera on'}
        testId="toolbar-camera"
        pressed={camera !== null}
        tone={camera ? 'plain' : 'off'}
        onClick={toggle('camera')}
      >
        {camera ? <CameraIcon /> : <CameraOffIcon />}
      </RoundButton>
      {canShare && (
        <RoundButton
          label={screen ? 'Stop sharing the screen' : 'Share the screen'}
          testId="toolbar-share"
          pressed={screen !== null}
          tone={screen ? 'active' : 'plain'}
          onClick={toggle('screen')}
        >
          <ScreenIcon />
        </RoundButton>
      )}
      <RoundButton
        label={store.chatOpen.value ? 'Close chat' : 'Open chat'}
        testId="toolbar-chat"
        expanded={store.chatOpen.value}
        tone={store.chatOpen.value ? 'active' : 'plain'}
        badge={store.unread.value}
        onClick={() => store.openChat(!store.chatOpen.value)}
      >
        <ChatIcon />
      </RoundButton>
      <RoundButton
        label="Leave the meeting"
        testId="toolbar-leave"
        tone="danger"
        onClick={() => call.leave()}
      >
        <LeaveIcon />
      </RoundButton>
    </nav>
  );
}
