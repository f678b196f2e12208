import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { XmppConnection } from '../src/xmpp/connection';
import { LobbyRoom } from '../src/xmpp/lobby_room';
import { xml } from './support/dom';

let log: string[];
let lobby: LobbyRoom;

beforeEach(() => {
  log = [];
  const xmpp = { send: () => undefined } as unknown as XmppConnection;
  lobby = new LobbyRoom(
    xmpp,
    'r@lobby.x',
    { id: 'aaaaaaaa', name: 'Ada' },
    {
      onKnocker: ({ id, name, realJid }) => log.push(`knock ${id} ${name} ${realJid}`),
      onKnockerGone: (id) => log.push(`gone ${id}`),
      onDenied: () => log.push('denied'),
      onClosed: (open) => log.push(open ? 'open' : 'over'),
      onRefused: (error) => log.push(`refused ${error.condition}`),
    },
  );
  lobby.join();
});

const presence = (id: string, inside: string, type = '', nick = '') =>
  lobby.onPresence(
    xml(`<presence xmlns='jabber:client' from='r@lobby.x/${id}' ${type && `type='${type}'`}>
      <nick xmlns='http://jabber.org/protocol/nick'>${nick}</nick>
      <x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x></presence>`),
  );
const inside = () => presence('aaaaaaaa', `<item role='participant'/><status code='110'/>`);

test('who leads sees who waits, by name and address', () => {
  inside();
  presence('bbbbbbbb', `<item role='participant' jid='b@guest.x/1'/>`, '', 'Bea');
  presence('bbbbbbbb', `<item role='none'/>`, 'unavailable');
  assert.deepEqual(log, ['knock bbbbbbbb Bea b@guest.x/1', 'gone bbbbbbbb']);
});

for (const [why, how, expected] of [
  ['denied', `<item role='none'/><status code='307'/><status code='110'/>`, ['denied']],
  ['the lobby is switched off', `<item role='none'/><destroy jid='r@conference.x'/>`, ['open']],
  ['the meeting ends', `<item role='none'/><destroy/>`, ['over']],
  ['we left', `<item role='none'/><status code='110'/>`, []],
] as const) {
  test(`out of the lobby: ${why}`, () => {
    inside();
    presence('aaaaaaaa', how, 'unavailable');
    assert.deepEqual(log, expected);
  });
}

test('another room is none of ours', () => {
  lobby.onPresence(
    xml(`<presence xmlns='jabber:client' from='q@lobby.x/aaaaaaaa'>
      <x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/></x></presence>`),
  );
  assert.deepEqual(log, []);
});
