import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRESETS } from '../src/state/presets';
import { EVERYTHING, may, parsePolicy, RIGHTS, type Role, roleOf } from '../src/state/rights';

const NOTHING = parsePolicy(RIGHTS.join(' '));
const granted = (role: Role, policy: typeof EVERYTHING) => RIGHTS.filter((right) => may(role, right, policy));

test('hosts and co-hosts keep what the policy takes from the others', () => {
  for (const role of ['host', 'cohost'] as const) assert.deepEqual(granted(role, NOTHING), [...RIGHTS]);
  for (const role of ['participant', 'viewer'] as const) assert.deepEqual(granted(role, NOTHING), []);
});

test('viewers write and react, and send neither sound nor pictures', () => {
  assert.deepEqual(granted('viewer', EVERYTHING), RIGHTS.slice(3));
  assert.deepEqual(granted('participant', EVERYTHING), [...RIGHTS]);
});

for (const [affiliation, role, expected] of [
  ['owner', 'moderator', 'host'],
  ['admin', 'moderator', 'cohost'],
  ['member', 'participant', 'participant'],
  ['none', 'participant', 'participant'],
  ['none', 'moderator', 'participant'],
  ['member', 'visitor', 'viewer'],
  ['owner', 'visitor', 'host'],
] as const) {
  test(`the room says ${affiliation} and ${role}: ${expected}`, () => {
    assert.equal(roleOf(affiliation, role), expected);
  });
}

test('the policy names what is off; what it does not name is on', () => {
  assert.deepEqual(parsePolicy(''), EVERYTHING);
  assert.deepEqual(parsePolicy('chat screen telepathy'), { ...EVERYTHING, chat: false, screen: false });
});

test('every preset says something about every right', () => {
  for (const { policy } of PRESETS) assert.deepEqual(Object.keys(policy), [...RIGHTS]);
});
