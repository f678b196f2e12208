import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../src/state/rights';
import { type Participant, Store } from '../src/state/store';

const person = (id: string, raisedHand: number): Participant => ({
  id,
  name: id,
  role: 'participant',
  realJid: '',
  raisedHand,
  sources: new Map(),
  codecs: [],
});

test('hands queue in the order in which they rose, whatever time they claim', () => {
  const store = new Store();
  store.putParticipant(person('aaaaaaaa', 2000));
  store.putParticipant(person('bbbbbbbb', 1000));
  assert.deepEqual(
    store.queue.value,
    ['bbbbbbbb', 'aaaaaaaa'],
    'who raised theirs before we came is believed',
  );
  store.phase.value = 'joined';
  store.putParticipant(person('cccccccc', 1));
  store.putParticipant(person('aaaaaaaa', 1));
  assert.deepEqual(store.queue.value, ['bbbbbbbb', 'aaaaaaaa', 'cccccccc'], 'nobody jumps the queue');
  store.putParticipant(person('bbbbbbbb', 0));
  store.dropParticipant('aaaaaaaa');
  assert.deepEqual(store.queue.value, ['cccccccc']);
});

test('a device is barred by the policy, or until somebody is asked to speak', () => {
  const store = new Store();
  assert.equal(store.barred('microphone'), '');
  store.moderated.value = new Set(['audio']);
  assert.deepEqual([store.barred('microphone'), store.barred('camera')], ['moderated', '']);
  store.approved.value = new Set(['audio']);
  assert.equal(store.barred('microphone'), '');
  store.policy.value = parsePolicy('microphone');
  assert.equal(store.barred('microphone'), 'policy', 'whoever was asked to speak before');
  store.role.value = 'cohost';
  store.approved.value = new Set();
  assert.equal(store.barred('microphone'), '', 'nobody silences those who lead');
});

test('who is in the meeting does not wait in its lobby', () => {
  const store = new Store();
  const knocker = (id: string) => ({ id, name: id, realJid: `${id}@guest.x/r` });
  store.inLobby.value = [knocker('aaaaaaaa'), knocker('bbbbbbbb')];
  store.putParticipant({ ...person('cccccccc', 0), realJid: 'bbbbbbbb@guest.x/r' });
  assert.deepEqual(store.knockers.value, [knocker('aaaaaaaa')]);
});
