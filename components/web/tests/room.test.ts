import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { XmppConnection } from '../src/xmpp/connection';
import { Room } from '../src/xmpp/room';
import { attr, child, el, text } from '../src/xmpp/xml';
import { xml } from './support/dom';

const ROOM = 'r@conference.x';

let log: string[];
let outgoing: Element[];
let room: Room;

beforeEach(() => {
  log = [];
  outgoing = [];
  const xmpp = { send: (stanza: Element) => outgoing.push(stanza) } as unknown as XmppConnection;
  const own = {
    id: 'aaaaaaaa',
    name: 'Ada',
    statsId: 's',
    codecs: ['vp8'],
    caps: el('c'),
    sources: new Map(),
  };
  room = new Room(xmpp, ROOM, 'focus@auth.x', own, {
    onJoined: (me) => log.push(`joined ${me.moderator ? 'as moderator' : ''}`.trim()),
    onRefused: (error) => log.push(`refused ${error.condition}`),
    onOccupant: (occupant) => log.push(`here ${occupant.id} ${occupant.name}`),
    onOccupantGone: (id) => log.push(`gone ${id}`),
    onOwn: (me) => log.push(`moderator ${me.moderator}`),
    onRemoved: (reason) => log.push(`removed: ${reason}`),
    onLost: () => log.push('lost'),
    onFocus: (present, noBridge) => log.push(`focus ${present}${noBridge ? ' without bridge' : ''}`),
    onChat: (from, body) => log.push(`chat ${from}: ${body}`),
    onChatRefused: (error) => log.push(`chat refused: ${error.explanation}`),
  });
});

const presence = (id: string, inside = '', type = '', more = '') =>
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='${ROOM}/${id}' ${type && `type='${type}'`}>${more}
      <x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x></presence>`),
  );
const item = (role: string, jid = 'u@guest.x/r') => `<item affiliation='none' role='${role}' jid='${jid}'/>`;
const message = (from: string, body: string, type = 'groupchat', more = '') =>
  room.onMessage(
    xml(`<message xmlns='jabber:client' type='${type}' from='${from}'><body>${body}</body>${more}</message>`),
  );
const iq = (from: string) => xml(`<iq xmlns='jabber:client' type='set' from='${from}'/>`);

test('joining: others first, then oneself; later presences are changes', () => {
  room.join();
  assert.equal(attr(outgoing[0]!, 'to'), `${ROOM}/aaaaaaaa`);
  presence('bbbbbbbb', item('participant'), '', `<nick xmlns='http://jabber.org/protocol/nick'>Bea</nick>`);
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  presence('aaaaaaaa', `${item('moderator')}<status code='110'/>`);
  presence('bbbbbbbb', item('none'), 'unavailable');
  assert.deepEqual(log, ['here bbbbbbbb Bea', 'joined', 'moderator true', 'gone bbbbbbbb']);
});

test('a change of sources is told at once when we are in', () => {
  room.join();
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  room.update({ sources: new Map([['aaaaaaaa-a0', { muted: true, videoType: 'camera' }]]) });
  assert.equal(outgoing.length, 2);
  assert.equal(text(child(outgoing[1]!, 'SourceInfo')), '{"aaaaaaaa-a0":{"muted":true}}');
  assert.equal(child(outgoing[1]!, 'x'), undefined);
});

test('a camera that comes on while we join is told as soon as we are in', () => {
  room.join();
  room.update({ sources: new Map([['aaaaaaaa-v0', { muted: false, videoType: 'camera' }]]) });
  assert.equal(outgoing.length, 1);
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  assert.equal(outgoing.length, 2);
  assert.equal(text(child(outgoing[1]!, 'SourceInfo')), '{"aaaaaaaa-v0":{"muted":false}}');
});

test('only the occupant with the address that the server named is the focus', () => {
  presence('focus', item('participant', 'impostor@guest.x/focus'));
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), false);
  presence('focus', item('moderator', 'focus@auth.x.evil/focus'));
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), false);
  presence(
    'focus',
    item('moderator', 'focus@auth.x/focus'),
    '',
    `<bridgeNotAvailable xmlns='http://jitsi.org/protocol/focus'/>`,
  );
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), true);
  assert.equal(room.isFromFocus(iq(`${ROOM}/bbbbbbbb`)), false);
  assert.equal(room.isFromFocus(iq('other@conference.x/focus')), false);
  presence('focus', item('none', 'focus@auth.x/focus'), 'unavailable');
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), false);
  assert.deepEqual(log, ['focus false', 'focus false', 'focus true without bridge', 'focus false']);
});

for (const [why, inside, expected] of [
  [
    'kicked',
    `<item role='none'><reason>bye</reason></item><status code='110'/><status code='307'/>`,
    'removed: A moderator removed you: bye',
  ],
  ['banned', `<item role='none'/><status code='301'/>`, 'removed: A moderator removed you.'],
  ['room destroyed', `<item role='none'/><destroy/>`, 'removed: The meeting has ended.'],
  ['server stops', `<item role='none'/><status code='110'/><status code='332'/>`, 'lost'],
  ['connection broke', `<item role='none'/><status code='307'/><status code='333'/>`, 'lost'],
  ['no reason given', `<item role='none'/><status code='110'/>`, 'lost'],
] as const) {
  test(`out of the room: ${why}`, () => {
    presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
    presence('aaaaaaaa', inside, 'unavailable');
    assert.deepEqual(log.slice(1), [expected]);
  });
}

test('our own goodbye is no removal', () => {
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  room.leave();
  presence('aaaaaaaa', `<item role='none'/><status code='110'/>`, 'unavailable');
  assert.deepEqual(log, ['joined']);
});

test('a refusal to let us in', () => {
  const stanzas = 'urn:ietf:params:xml:ns:xmpp-stanzas';
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='${ROOM}/aaaaaaaa' type='error'>
      <error type='wait'><service-unavailable xmlns='${stanzas}'/></error></presence>`),
  );
  assert.deepEqual(log, ['refused service-unavailable']);
});

test('chat: of this room, to everybody, cut to the limit', () => {
  message(`${ROOM}/bbbbbbbb`, '&lt;b&gt;hi&lt;/b&gt;');
  message('other@conference.x/bbbbbbbb', 'elsewhere');
  message(`${ROOM}/bbbbbbbb`, 'private', 'chat');
  message(ROOM, 'a subject or an announcement');
  message(`${ROOM}/bbbbbbbb`, 'x'.repeat(600));
  assert.deepEqual(log, ['chat bbbbbbbb: <b>hi</b>', `chat bbbbbbbb: ${'x'.repeat(500)}`]);
  room.chat(`  ${'y'.repeat(600)}`);
  assert.equal(text(child(outgoing[0]!, 'body')).length, 500);
  room.chat(' \n ');
  assert.equal(outgoing.length, 1);
});

test('presence of other rooms is none of ours', () => {
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='other@conference.x/bbbbbbbb'>
      <x xmlns='http://jabber.org/protocol/muc#user'>${item('participant')}</x></presence>`),
  );
  assert.deepEqual(log, []);
});
