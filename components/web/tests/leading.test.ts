import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Call } from '../src/state/call';
import { Leading } from '../src/state/leading';
import { PRESETS } from '../src/state/presets';
import { Store } from '../src/state/store';
import type { Participant } from '../src/state/store';
import { StanzaError } from '../src/xmpp/stanza_error';
import { serialize } from './support/dom';

const ROOM = 'r@conference.x';

let log: string[];
let refuse: string;
let store: Store;
let leading: Leading;

beforeEach(() => {
  log = [];
  refuse = '';
  store = new Store();
  store.services.value = {
    avModeration: 'av.x',
    roomMetadata: 'meta.x',
    endConference: 'end.x',
    lobby: 'lobby.x',
  };
  leading = new Leading({
    store,
    room: { jid: ROOM, focusAddress: `${ROOM}/focus` },
    ask: async (to: string, payload: Element) => {
      log.push(`ask ${to}: ${serialize(payload)}`);
      if (refuse) throw new StanzaError(refuse);
    },
    send: (stanza: Element) => log.push(serialize(stanza)),
  } as unknown as Call);
});

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role: 'participant',
  realJid: `${id}@guest.x/r`,
  raisedHand: 0,
  sources: new Map([[`${id}-a0`, { muted: false, videoType: 'camera' }]]),
  codecs: [],
  ...change,
});

test('mute all: every loud participant, nobody who leads, nobody twice', async () => {
  store.putParticipant(person('aaaaaaaa'));
  store.putParticipant(person('bbbbbbbb', { sources: new Map() }));
  store.putParticipant(person('cccccccc', { role: 'cohost' }));
  await leading.muteAll();
  assert.deepEqual(log, [
    `ask ${ROOM}/focus: <mute xmlns="http://jitsi.org/jitmeet/audio" jid="${ROOM}/aaaaaaaa">true</mute>`,
  ]);
});

test('remove, co-host and viewer are what the room knows of old', async () => {
  store.putParticipant(person('aaaaaaaa'));
  await leading.remove('aaaaaaaa');
  await leading.setCohost('aaaaaaaa', true);
  await leading.setCohost('aaaaaaaa', false);
  await leading.setViewer('aaaaaaaa', true);
  const admin = (item: string) =>
    `ask ${ROOM}: <query xmlns="http://jabber.org/protocol/muc#admin"><item ${item}/></query>`;
  assert.deepEqual(log, [
    admin('nick="aaaaaaaa" role="none"'),
    admin('jid="aaaaaaaa@guest.x" affiliation="admin"'),
    admin('jid="aaaaaaaa@guest.x" affiliation="member"'),
    admin('nick="aaaaaaaa" role="visitor"'),
  ]);
});

test('letting in is an invitation to each full address', () => {
  leading.admit([
    { id: 'dddddddd', name: 'Dora', realJid: 'd@guest.x/1' },
    { id: 'eeeeeeee', name: 'Edda', realJid: 'e@guest.x/2' },
  ]);
  assert.deepEqual(log, [
    `<message to="${ROOM}"><x xmlns="http://jabber.org/protocol/muc#user">` +
      '<invite to="d@guest.x/1"/><invite to="e@guest.x/2"/></x></message>',
  ]);
});

test('the moderation component gets its elements bare, as stock clients send them', () => {
  leading.moderate('audio', true);
  leading.allow('aaaaaaaa', 'audio', true);
  leading.allow('aaaaaaaa', 'audio', false);
  leading.endForAll();
  assert.deepEqual(log, [
    '<message to="av.x"><av_moderation enable="true" mediaType="audio"/></message>',
    `<message to="av.x"><av_moderation mediaType="audio" jidToWhitelist="${ROOM}/aaaaaaaa"/></message>`,
    `<message to="av.x"><av_moderation mediaType="audio" jidToBlacklist="${ROOM}/aaaaaaaa"/></message>`,
    '<message to="end.x"><end_conference/></message>',
  ]);
});

test('a preset sets lobby, rights and speaking; a name that can be guessed keeps its lobby', async () => {
  await leading.apply(
    PRESETS.find(({ name }) => name === 'open')!,
    true,
  );
  assert.match(log[0]!, /muc#roomconfig_membersonly"><value>1</);
  assert.match(log[1]!, /"key":"policy","data":\{"microphone":true/);
  assert.match(log[2]!, /enable="false"/);
});

test('what the server does not have is not asked for', async () => {
  store.services.value = {};
  await leading.apply(
    PRESETS.find(({ name }) => name === 'classroom')!,
    false,
  );
  leading.allow('aaaaaaaa', 'audio', true);
  leading.endForAll();
  assert.deepEqual(log, []);
});

test('a refusal is told in words', async () => {
  for (const [condition, words] of [
    ['forbidden', 'The server does not allow you to do that.'],
    ['timeout', 'Guest could not be removed.'],
  ] as const) {
    refuse = condition;
    assert.equal(await leading.remove('aaaaaaaa'), false);
    assert.equal(store.notices.value.at(-1)!.text, words);
    store.dismiss(store.notices.value.at(-1)!.key);
  }
});
