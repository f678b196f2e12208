import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Device } from '../src/media/session';
import type { Call } from '../src/state/call';
import { OwnDevices } from '../src/state/own_devices';
import { parsePolicy } from '../src/state/rights';
import { Store } from '../src/state/store';

let store: Store;
let devices: OwnDevices;
let lowered: number;
const track = {} as MediaStreamTrack;

beforeEach(() => {
  store = new Store();
  store.phase.value = 'joined';
  lowered = 0;
  const put = (device: Device, now: MediaStreamTrack | null) => {
    store.local.value = { ...store.local.value, [device]: now };
  };
  devices = new OwnDevices({
    store,
    local: {
      isOn: (device: Device) => store.local.value[device] !== null,
      turnOn: async (device: Device) => put(device, track),
      turnOff: (device: Device) => put(device, null),
    },
    raiseHand: () => ++lowered,
  } as unknown as Call);
});

const isOn = (device: Device) => store.local.value[device] !== null;
const lastNotice = () => store.notices.value.at(-1)?.text ?? '';

test('what the policy takes goes off by itself, and does not come on', async () => {
  await devices.toggle('camera');
  store.policy.value = parsePolicy('camera');
  assert.equal(isOn('camera'), false);
  assert.match(lastNotice(), /switched off the camera/);
  await devices.toggle('camera');
  assert.equal(isOn('camera'), false);
  store.policy.value = parsePolicy('');
  await devices.toggle('camera');
  assert.equal(isOn('camera'), true);
});

test('asked to speak: the microphone may come on, and stays a choice', async () => {
  await devices.toggle('microphone');
  devices.onModeration({ type: 'moderated', kind: 'audio', enabled: true });
  assert.equal(isOn('microphone'), false);
  await devices.toggle('microphone');
  assert.match(lastNotice(), /Raise your hand/);
  store.putHand(store.ownId.value, 1);
  devices.onModeration({ type: 'approved', kind: 'audio', approved: true });
  assert.match(lastNotice(), /asks you to turn on your microphone/);
  assert.equal(lowered, 1);
  assert.equal(isOn('microphone'), false, 'nobody is switched on from afar');
  await devices.toggle('microphone');
  assert.equal(isOn('microphone'), true);
  devices.onModeration({ type: 'approved', kind: 'audio', approved: false });
  assert.equal(isOn('microphone'), false);
});

test('moderation that begins anew forgets whom it allowed', () => {
  devices.onModeration({ type: 'moderated', kind: 'audio', enabled: true });
  devices.onModeration({ type: 'approved', kind: 'audio', approved: true });
  devices.onModeration({ type: 'moderated', kind: 'audio', enabled: false });
  devices.onModeration({ type: 'moderated', kind: 'audio', enabled: true });
  assert.equal(store.barred('microphone'), 'moderated');
});

test('those who lead are neither silenced nor asked', async () => {
  store.role.value = 'cohost';
  await devices.toggle('microphone');
  devices.onModeration({ type: 'moderated', kind: 'audio', enabled: true });
  devices.onModeration({ type: 'approved', kind: 'audio', approved: true });
  assert.equal(isOn('microphone'), true);
  assert.equal(lastNotice(), '');
});

test('a mute of the focus is obeyed, and says who wished it', async () => {
  await devices.toggle('microphone');
  devices.onMuted('audio', '');
  assert.equal(isOn('microphone'), false);
  assert.equal(lastNotice(), 'A host turned off your microphone.');
});
