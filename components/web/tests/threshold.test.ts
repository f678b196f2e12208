import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Store } from '../src/state/store';
import { Threshold } from '../src/state/threshold';
import type { XmppConnection } from '../src/xmpp/connection';
import type { Refusal } from '../src/xmpp/refusal';
import { StanzaError } from '../src/xmpp/stanza_error';
import { attr } from '../src/xmpp/xml';
import { xml } from './support/dom';

const ROOM = 'able-acorn@conference.x';
const LOBBY = 'able-acorn@lobby.x';

let log: string[];
let store: Store;
let threshold: Threshold;
let info: string;

const xmpp = {
  send: (stanza: Element) => log.push(`${attr(stanza, 'type') || 'join'} ${attr(stanza, 'to')}`),
  request: async () =>
    xml(
      `<iq xmlns='jabber:client'><query xmlns='http://jabber.org/protocol/disco#info'>${info}</query></iq>`,
    ),
} as unknown as XmppConnection;

beforeEach(() => {
  log = [];
  info = '';
  store = new Store();
  store.ownId.value = 'aaaaaaaa';
  threshold = new Threshold({
    roomName: 'able-acorn',
    roomJid: ROOM,
    store,
    leading: { setLobby: async (on: boolean) => log.push(`lobby ${on}`) } as never,
    retry: (pause) => log.push(pause ? 'retry later' : 'retry'),
    enter: () => log.push('enter'),
    end: (phase, why) => log.push(`${phase}: ${why}`),
  });
});

const refused = (condition: string, more: Partial<Refusal> = {}) =>
  threshold.onRefused(
    { error: new StanzaError(condition), lobby: '', noHost: false, nameWanted: false, ...more },
    xmpp,
  );

for (const [condition, expected] of [
  ['forbidden', ['removed: ']],
  ['service-unavailable', ['failed: The meeting is full.']],
  ['not-allowed', ['retry']],
] as const) {
  test(`refused: ${condition}`, () => {
    refused(condition);
    assert.deepEqual(log, expected);
  });
}

test('what may pass is not asked for forever', () => {
  for (let i = 0; i < 5; ++i) refused('not-allowed');
  assert.deepEqual(log.slice(3), ['retry', 'failed: You may not enter this meeting.']);
  log = [];
  threshold.onJoined();
  refused('not-allowed');
  assert.deepEqual(log, ['retry'], 'once in, it counts anew');
});

test('a password is asked for, and a wrong one is told', () => {
  refused('not-authorized');
  assert.deepEqual([store.phase.value, store.failure.value], ['password', '']);
  threshold.password = 'barley';
  refused('not-authorized');
  assert.equal(store.failure.value, 'That is not the password.');
});

test('a name is asked for', () => {
  refused('not-acceptable', { nameWanted: true });
  assert.deepEqual(log, ['before: This meeting asks for a name.']);
});

test('in the lobby until somebody lets us in', () => {
  refused('registration-required', { lobby: LOBBY });
  assert.equal(store.phase.value, 'knocking');
  threshold.onAdmitted();
  assert.deepEqual(log, [`join ${LOBBY}/aaaaaaaa`, `unavailable ${LOBBY}/aaaaaaaa`, 'enter']);
  store.phase.value = 'joined';
  threshold.onAdmitted();
  assert.equal(log.length, 3, 'an invitation to where we are changes nothing');
});

test('without a host there is nobody to let us in: we wait, and ask again', () => {
  threshold.waitForHost();
  assert.equal(store.phase.value, 'waiting');
  assert.deepEqual(log, ['retry later']);
});

const lobbyForm = `<x xmlns='jabber:x:data' type='result'><field var='muc#roominfo_lobbyroom'><value>${LOBBY}</value></field></x>`;

test('who leads sits at the door, whether the lobby is on or only one has to wait', async () => {
  info = lobbyForm;
  await threshold.readRoom(xmpp, () => true);
  assert.deepEqual(log, [], 'a participant does not');
  store.role.value = 'cohost';
  await threshold.readRoom(xmpp, () => true);
  await threshold.readRoom(xmpp, () => true);
  assert.deepEqual(log, [`join ${LOBBY}/aaaaaaaa`], 'once');
  info = '';
  await threshold.readRoom(xmpp, () => true);
  assert.deepEqual(log.slice(1), [`unavailable ${LOBBY}/aaaaaaaa`]);
});

test('what is told of the room', async () => {
  info = `<feature var='muc_passwordprotected'/><feature var='muc_membersonly'/>${lobbyForm}`;
  await threshold.readRoom(xmpp, () => true);
  assert.deepEqual(store.roomInfo.value, { password: true, membersOnly: true, lobbyRoom: LOBBY });
  await threshold.readRoom(xmpp, () => false);
});
