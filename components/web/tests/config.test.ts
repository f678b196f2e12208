import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, roomFromPath, roomName } from '../src/config';
import { endpointId } from '../src/media/model';

for (const [path, room] of [
  ['/', ''],
  ['/Standup', 'standup'],
  ['/team/Standup/', 'standup'],
  ['/Gr%C3%BCne%20Runde', 'grüne-runde'],
  ['/%zz', ''],
  ['/a@b:c"<>\'&d', 'abcd'],
] as const) {
  test(`${path} is the room “${room}”`, () => assert.equal(roomFromPath(path), room));
}

test('a typed name', () => assert.equal(roomName('  My \u202e Room/1 '), 'my--room1'));

test('settings that cannot work are named', () => {
  assert.equal(typeof readConfig(undefined), 'string');
  assert.equal(typeof readConfig({ hosts: { domain: 'd', muc: 'm' } }), 'string');
  assert.equal(typeof readConfig({ hosts: { domain: 'd', muc: 'm' }, websocket: 'wss://d/x' }), 'object');
});

test('the endpoint id is the beginning of an anonymous address, or random', () => {
  assert.equal(endpointId('0a1b2c3d-4e5f-4000-8000-000000000000@guest.x/r'), '0a1b2c3d');
  assert.match(endpointId('Zm9v-bar@guest.x/r'), /^[0-9a-f]{8}$/);
});
