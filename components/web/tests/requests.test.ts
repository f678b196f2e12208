import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { RemoteSource } from '../src/media/model';
import type { Call } from '../src/state/call';
import { answerRequest } from '../src/state/requests';
import { StanzaError } from '../src/xmpp/stanza_error';
import { children } from '../src/xmpp/xml';
import { xml } from './support/dom';
import { JSON_SOURCES, OFFER } from './support/offer';

const FOCUS = 'r@conference.x/focus';

let log: string[];
let session: { offer: { sid: string } } | undefined;
beforeEach(() => {
  log = [];
  session = undefined;
});

const names = (sources: RemoteSource[]) => sources.map((source) => source.name).join();

/** A call that only writes down what it is told. */
const call = {
  room: { isFromFocus: (iq: Element) => iq.getAttribute('from') === FOCUS },
  media: {
    get session() {
      return session;
    },
    accept: async (offer: { sid: string }) => log.push(`accept ${offer.sid}`),
    putSources: (sources: RemoteSource[]) => log.push(`put ${names(sources)}`),
    removeSources: (sources: RemoteSource[]) => log.push(`remove ${names(sources)}`),
    terminated: (sid: string) => log.push(`terminated ${sid}`),
  },
  devices: { onMuted: (kind: string, actor: string) => log.push(`muted ${kind} by ${actor}`) },
} as unknown as Call;

/** The result's payload, or the condition of the refusal. */
function ask(payload: string, from = FOCUS, type = 'set'): Element | string | undefined {
  const iq = xml(`<iq xmlns='jabber:client' type='${type}' from='${from}' id='i'>${payload}</iq>`);
  try {
    return answerRequest(call, ['a', 'b'], iq, children(iq)[0]!);
  } catch (error) {
    assert.ok(error instanceof StanzaError);
    return error.condition;
  }
}

const mute = (kind: string, value = 'true') =>
  `<mute xmlns='http://jitsi.org/jitmeet/${kind}' actor='r@conference.x/bbbbbbbb'>${value}</mute>`;
const jingle = (action: string, sid: string) =>
  `<jingle xmlns='urn:xmpp:jingle:1' action='${action}' sid='${sid}'>
    <json-message xmlns='http://jitsi.org/jitmeet'>${JSON_SOURCES}</json-message></jingle>`;

test('the focus may mute; nobody else may, and nobody may unmute', () => {
  assert.equal(ask(mute('audio')), undefined);
  assert.equal(ask(mute('desktop')), undefined);
  assert.deepEqual(log.splice(0), ['muted audio by bbbbbbbb', 'muted desktop by bbbbbbbb']);
  assert.equal(ask(mute('audio'), 'r@conference.x/bbbbbbbb'), 'not-allowed');
  assert.equal(ask(mute('audio', 'false')), 'not-allowed');
  assert.equal(ask(mute('smell')), 'service-unavailable');
  assert.deepEqual(log, []);
});

test('an offer of the focus is taken once; an unusable one and that of another are refused', () => {
  assert.equal(ask(OFFER), undefined);
  assert.deepEqual(log, ['accept 3k9q0c7v2hd1p']);
  session = { offer: { sid: '3k9q0c7v2hd1p' } };
  assert.equal(ask(OFFER), 'service-unavailable', 'the same session again');
  assert.equal(ask(jingle('session-initiate', 'other')), 'bad-request');
  assert.equal(ask(OFFER, 'r@conference.x/bbbbbbbb'), 'item-not-found');
  assert.equal(log.length, 1);
});

test('changes concern the session that is there', () => {
  session = { offer: { sid: 's1' } };
  const all = 'jvb-v0,jvb-a0,a1b2c3d4-v0,a1b2c3d4-v1,a1b2c3d4-a0';
  for (const action of [
    'source-add',
    'source-remove',
    'session-terminate',
    'transport-info',
    'session-info',
  ]) {
    assert.equal(ask(jingle(action, 's1')), undefined);
    assert.equal(ask(jingle(action, 's2')), 'item-not-found');
  }
  assert.deepEqual(log, [`put ${all}`, `remove ${all}`, 'terminated s1']);
  assert.equal(ask(jingle('content-sing', 's1')), 'bad-request');
});

test('everybody may ask what we can do; nothing else', () => {
  const info = ask(
    `<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>`,
    'anybody@x',
    'get',
  ) as Element;
  assert.equal(info.getAttribute('node'), 'n');
  assert.equal(children(info, 'feature').length, 2);
  assert.equal(ask(`<query xmlns='jabber:iq:version'/>`, FOCUS, 'get'), 'service-unavailable');
  assert.equal(ask(mute('audio'), FOCUS, 'get'), 'service-unavailable');
});
