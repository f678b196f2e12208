// What one can do in the meeting. What the meeting does not allow, or the server does not know, is not shown.
import { useSignal } from '@preact/signals';
import type { Panel } from '../state/store';
import { leads } from '../state/rights';
import { RoundButton } from './button';
import { useCall } from './context';
import { DeviceButtons } from './device_buttons';
import { ChatIcon, HandIcon, LeaveIcon, PeopleIcon, RulesIcon, ScreenIcon, SmileIcon } from './icons';
import { ReactionPicker } from './reactions';

export function Toolbar() {
  const { store } = useCall();
  return (
    <nav class="toolbar" aria-label="Meeting controls">
      <Devices />
      {store.can('raise_hand') && <Hand />}
      {store.can('reactions') && <React />}
      <Panels />
      <Leave />
    </nav>
  );
}

function Devices() {
  const { store, devices } = useCall();
  const { screen } = store.local.value;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <>
      <DeviceButtons
        testId="toolbar"
        microphoneLabels={{ on: 'Unmute microphone', off: 'Mute microphone' }}
        onToggle={(device) => void devices.toggle(device)}
      />
      {canShare && store.barred('screen') !== 'policy' && (
        <RoundButton
          label={screen ? 'Stop sharing the screen' : 'Share the screen'}
          testId="toolbar-share"
          pressed={screen !== null}
          tone={screen ? 'active' : 'plain'}
          onClick={() => void devices.toggle('screen')}
        >
          <ScreenIcon />
        </RoundButton>
      )}
    </>
  );
}

function Hand() {
  const call = useCall();
  const up = call.store.hands.value.has(call.store.ownId.value);
  return (
    <RoundButton
      label={up ? 'Lower your hand' : 'Raise your hand'}
      testId="toolbar-hand"
      pressed={up}
      tone={up ? 'active' : 'plain'}
      onClick={() => call.raiseHand(!up)}
    >
      <HandIcon />
    </RoundButton>
  );
}

function React() {
  const call = useCall();
  const open = useSignal(false);
  return (
    <div onKeyDown={(event) => event.key === 'Escape' && (open.value = false)}>
      <RoundButton
        label="Reactions"
        testId="toolbar-reactions"
        expanded={open.value}
        tone={open.value ? 'active' : 'plain'}
        onClick={() => (open.value = !open.value)}
      >
        <SmileIcon />
      </RoundButton>
      {open.value && (
        <ReactionPicker
          onPick={(reaction) => {
            call.react(reaction);
            open.value = false;
          }}
        />
      )}
    </div>
  );
}

function Panels() {
  const { store } = useCall();
  const open = store.panel.value;
  const toggle = (panel: Panel) => store.openPanel(open === panel ? 'none' : panel);
  return (
    <>
      <RoundButton
        label={open === 'chat' ? 'Close chat' : 'Open chat'}
        testId="toolbar-chat"
        expanded={open === 'chat'}
        tone={open === 'chat' ? 'active' : 'plain'}
        badge={store.unread.value}
        badgeLabel="unread"
        onClick={() => toggle('chat')}
      >
        <ChatIcon />
      </RoundButton>
      <RoundButton
        label="People"
        testId="toolbar-people"
        expanded={open === 'people'}
        tone={open === 'people' ? 'active' : 'plain'}
        badge={leads(store.role.value) ? store.waiting.value : 0}
        badgeLabel="waiting for you"
        onClick={() => toggle('people')}
      >
        <PeopleIcon />
      </RoundButton>
      <RoundButton
        label="Rules of this meeting"
        testId="toolbar-meeting"
        expanded={open === 'meeting'}
        tone={open === 'meeting' ? 'active' : 'plain'}
        onClick={() => toggle('meeting')}
      >
        <RulesIcon />
      </RoundButton>
    </>
  );
}

function Leave() {
  const call = useCall();
  return (
    <RoundButton label="Leave the meeting" testId="toolbar-leave" tone="danger" onClick={() => call.leave()}>
      <LeaveIcon />
    </RoundButton>
  );
}
