// What one can do in the meeting.
import type { Device } from '../media/session';
import { RoundButton } from './button';
import { useCall } from './context';
import { DeviceButtons } from './device_buttons';
import { ChatIcon, LeaveIcon, ScreenIcon } from './icons';

export function Toolbar() {
  const call = useCall();
  const { store, local } = call;
  const { screen } = store.local.value;
  const toggle = async (device: Device) => {
    if (local.isOn(device)) return local.turnOff(device);
    await local.turnOn(device);
    const error = store.deviceErrors.value[device];
    if (error) store.notify(error);
  };
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <nav class="toolbar" aria-label="Meeting controls">
      <DeviceButtons
        testId="toolbar"
        microphoneLabels={{ on: 'Unmute microphone', off: 'Mute microphone' }}
        onToggle={toggle}
      />
      {canShare && (
        <RoundButton
          label={screen ? 'Stop sharing the screen' : 'Share the screen'}
          testId="toolbar-share"
          pressed={screen !== null}
          tone={screen ? 'active' : 'plain'}
          onClick={() => toggle('screen')}
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
