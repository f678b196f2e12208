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
    raisedHand: 0,
    caps: el('c'),
    sources: new Map(),
  };
  room = new Room(xmpp, ROOM, 'focus@auth.x', own, {
    onJoined: (me) => log.push(`joined as ${me.role}`),
    onRefused: ({ error, lobby, noHost, nameWanted }) =>
      log.push(
        ['refused', error.condition, lobby, noHost && 'no host', nameWanted && 'name wanted']
          .filter(Boolean)
          .join(' '),
      ),
    onChangeRefused: (error) => log.push(`change refused ${error.condition}`),
    onInvited: () => log.push('invited'),
    onOccupant: (occupant) => log.push(`here ${occupant.id} ${occupant.name}`),
    onOccupantGone: (id) => log.push(`gone ${id}`),
    onOwn: (me) => log.push(`now ${me.role}`),
    onOut: (how, reason) => log.push(`${how}: ${reason}`),
    onLost: () => log.push('lost'),
    onFocus: (present, noBridge, policy) =>
      log.push(`focus ${present}${noBridge ? ' without bridge' : ''}${policy && `, off: ${policy}`}`),
    onChat: ({ from, body, isPrivate }) => log.push(`${isPrivate ? 'private ' : ''}chat ${from}: ${body}`),
    onChatRefused: (error) => log.push(`chat refused: ${error.explanation}`),
    onReactions: (from, reactions) => log.push(`${from} reacts ${reactions.join()}`),
    onConfigChanged: () => log.push('config changed'),
    onAnnouncement: (text) => log.push(`the server says: ${text}`),
  });
});

const presence = (id: string, inside = '', type = '', more = '') =>
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='${ROOM}/${id}' ${type && `type='${type}'`}>${more}
      <x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x></presence>`),
  );
const item = (role: string, jid = 'u@guest.x/r', affiliation = 'none') =>
  `<item affiliation='${affiliation}' role='${role}' jid='${jid}'/>`;
const message = (from: string, body: string, type = 'groupchat', more = '') =>
  room.onMessage(
    xml(`<message xmlns='jabber:client' type='${type}' from='${from}'><body>${body}</body>${more}</message>`),
  );
const iq = (from: string) => xml(`<iq xmlns='jabber:client' type='set' from='${from}'/>`);

test('joining: others first, then oneself; later presences are changes', () => {
  room.join('');
  assert.equal(attr(outgoing[0]!, 'to'), `${ROOM}/aaaaaaaa`);
  presence('bbbbbbbb', item('participant'), '', `<nick xmlns='http://jabber.org/protocol/nick'>Bea</nick>`);
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  presence('aaaaaaaa', `${item('moderator', 'u@guest.x/r', 'admin')}<status code='110'/>`);
  presence('bbbbbbbb', item('none'), 'unavailable');
  assert.deepEqual(log, ['here bbbbbbbb Bea', 'joined as participant', 'now cohost', 'gone bbbbbbbb']);
});

test('a change of sources is told at once when we are in', () => {
  room.join('');
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  room.update({ sources: new Map([['aaaaaaaa-a0', { muted: true, videoType: 'camera' }]]) });
  assert.equal(outgoing.length, 2);
  assert.equal(text(child(outgoing[1]!, 'SourceInfo')), '{"aaaaaaaa-a0":{"muted":true}}');
  assert.equal(child(outgoing[1]!, 'x'), undefined);
});

test('a camera that comes on while we join is told as soon as we are in', () => {
  room.join('');
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
    `<bridgeNotAvailable xmlns='http://jitsi.org/protocol/focus'/>
      <conference-properties xmlns='http://jitsi.org/protocol/focus'><property key='policy' value='chat screen'/></conference-properties>`,
  );
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), true);
  assert.equal(room.isFromFocus(iq(`${ROOM}/bbbbbbbb`)), false);
  assert.equal(room.isFromFocus(iq('other@conference.x/focus')), false);
  presence('focus', item('none', 'focus@auth.x/focus'), 'unavailable');
  assert.equal(room.isFromFocus(iq(`${ROOM}/focus`)), false);
  assert.deepEqual(log, [
    'focus false',
    'focus false',
    'focus true without bridge, off: chat screen',
    'focus false',
  ]);
});

for (const [why, inside, expected] of [
  [
    'kicked',
    `<item role='none'><reason>bye</reason></item><status code='110'/><status code='307'/>`,
    'removed: bye',
  ],
  ['banned', `<item role='none'/><status code='301'/>`, 'removed: '],
  ['room destroyed', `<item role='none'/><destroy/>`, 'ended: '],
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
  assert.deepEqual(log, ['joined as participant']);
});

const refusal = (inside: string, beside = '') =>
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='${ROOM}/aaaaaaaa' type='error'>
      <error type='auth'>${inside}</error>${beside}</presence>`),
  );
const condition = (name: string) => `<${name} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>`;
const jitmeet = (name: string, inside = '') =>
  `<${name} xmlns='http://jitsi.org/jitmeet'>${inside}</${name}>`;

test('a refusal to let us in says where to wait', () => {
  refusal(condition('service-unavailable'));
  refusal(condition('registration-required') + jitmeet('lobbyroom', 'r@lobby.x'));
  refusal(
    condition('registration-required') + jitmeet('lobbyroom', 'r@lobby.x') + jitmeet('waiting-for-host'),
  );
  refusal(condition('registration-required'), '<lobbyroom>r@lobby.x</lobbyroom>');
  refusal(condition('not-acceptable') + jitmeet('displayname-required'));
  assert.deepEqual(log, [
    'refused service-unavailable',
    'refused registration-required r@lobby.x',
    'refused registration-required r@lobby.x no host',
    'refused registration-required r@lobby.x',
    'refused not-acceptable name wanted',
  ]);
});

test('once we are in, an error is about a change and not about us', () => {
  presence('aaaaaaaa', `${item('participant')}<status code='110'/>`);
  refusal(condition('not-allowed'));
  assert.deepEqual(log.slice(1), ['change refused not-allowed']);
});

test('the room itself lets us in, and says when its rules changed', () => {
  const x = (inside: string) => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;
  message(ROOM, '', 'normal', x(`<invite from='${ROOM}/bbbbbbbb'/>`));
  message(ROOM, '', 'groupchat', x(`<status code='104'/>`));
  message(`${ROOM}/bbbbbbbb`, '', 'normal', x(`<invite from='${ROOM}/bbbbbbbb'/>`));
  message(ROOM, 'The meeting is stormed.');
  assert.deepEqual(
    log,
    ['invited', 'config changed', 'the server says: The meeting is stormed.'],
    'nobody else can',
  );
});

test('reactions: those we know, a few at once', () => {
  const reacts = (all: string[], type = 'groupchat') =>
    message(
      `${ROOM}/bbbbbbbb`,
      '',
      type,
      `<reactions xmlns='urn:xmpp:reactions:0' id='meeting'>${all.map((each) => `<reaction>${each}</reaction>`).join('')}</reactions>`,
    );
  reacts(['👍', 'like', '__proto__', '👎']);
  reacts([]);
  reacts(['👍'], 'chat');
  reacts(Array(99).fill('👏'));
  room.react('love');
  assert.deepEqual(log, ['bbbbbbbb reacts like,boo', 'bbbbbbbb reacts clap,clap,clap,clap,clap']);
  assert.equal(text(child(outgoing[0]!, 'reactions')), '❤️');
});

test('chat: of this room, to everybody, cut to the limit', () => {
  message(`${ROOM}/bbbbbbbb`, '&lt;b&gt;hi&lt;/b&gt;');
  message('other@conference.x/bbbbbbbb', 'elsewhere');
  message(`${ROOM}/bbbbbbbb`, 'only to you', 'chat');
  message(`${ROOM}/bbbbbbbb`, 'of no kind', 'normal');
  message(`${ROOM}/bbbbbbbb`, 'x'.repeat(600));
  assert.deepEqual(log, [
    'chat bbbbbbbb: <b>hi</b>',
    'private chat bbbbbbbb: only to you',
    `chat bbbbbbbb: ${'x'.repeat(500)}`,
  ]);
  room.chat(`  ${'y'.repeat(600)}`);
  assert.equal(text(child(outgoing[0]!, 'body')).length, 500);
  room.chat(' \n ');
  assert.equal(outgoing.length, 1);
  room.chat('psst', 'bbbbbbbb');
  assert.deepEqual([attr(outgoing[1]!, 'to'), attr(outgoing[1]!, 'type')], [`${ROOM}/bbbbbbbb`, 'chat']);
});

test('presence of other rooms is none of ours', () => {
  room.onPresence(
    xml(`<presence xmlns='jabber:client' from='other@conference.x/bbbbbbbb'>
      <x xmlns='http://jabber.org/protocol/muc#user'>${item('participant')}</x></presence>`),
  );
  assert.deepEqual(log, []);
});
