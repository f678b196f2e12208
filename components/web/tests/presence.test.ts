import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capsElement, capsVersion, features, verificationString } from '../src/xmpp/caps';
import { buildPresence, parsePresence, parseSourceInfo } from '../src/xmpp/presence';
import { attr, child, children, el, text } from '../src/xmpp/xml';
import { sent, serialize, xml } from './support/dom';

test('an occupant as others show it', () => {
  const parsed = parsePresence(
    xml(`<presence xmlns='jabber:client' from='r@conference.x/a1b2c3d4'>
      <nick xmlns='http://jabber.org/protocol/nick'>Ada &lt;b&gt;</nick>
      <SourceInfo>{"a1b2c3d4-a0":{"muted":true},"a1b2c3d4-v1":{"muted":false,"videoType":"desktop"},"eeeeeeee-v0":{"muted":false}}</SourceInfo>
      <jitsi_participant_raisedHand>1795000000000</jitsi_participant_raisedHand>
      <x xmlns='http://jabber.org/protocol/muc#user'><item role='moderator' affiliation='owner' jid='u@guest.x/z'/><status code='110'/></x>
    </presence>`),
  )!;
  assert.equal(parsed.available, true);
  assert.deepEqual(parsed.codes, [110]);
  assert.equal(parsed.occupant.name, 'Ada <b>');
  assert.equal(parsed.occupant.role, 'host');
  assert.equal(parsed.occupant.raisedHand, 1795000000000);
  assert.equal(parsed.occupant.realJid, 'u@guest.x/z');
  assert.deepEqual(
    [...parsed.occupant.sources.keys()],
    ['a1b2c3d4-a0', 'a1b2c3d4-v1'],
    "not somebody else's source",
  );
  assert.deepEqual(parsed.occupant.sources.get('a1b2c3d4-v1'), { muted: false, videoType: 'desktop' });
});

test('what no room vouches for is no presence', () => {
  assert.equal(parsePresence(xml(`<presence xmlns='jabber:client' from='r@x/a'/>`)), undefined);
  const error = `<presence xmlns='jabber:client' from='r@x/a' type='error'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>`;
  assert.equal(parsePresence(xml(error)), undefined);
});

for (const nonsense of ['{', 'null', '7', '[]', '{"a1-a0":null}', '{"a1-a0":7}']) {
  test(`source info that makes no sense mutes: ${nonsense}`, () => {
    for (const { muted } of parseSourceInfo('a1', nonsense).values()) assert.equal(muted, true);
  });
}

test('our own presence', () => {
  const own = {
    address: 'r@conference.x/a1b2c3d4',
    name: 'Ada & co',
    statsId: 'a1b2c3d4',
    caps: capsElement('hash'),
    codecs: ['vp9', 'vp8'],
    raisedHand: 0,
    sources: new Map([['a1b2c3d4-a0', { muted: false, videoType: 'camera' as const }]]),
  };
  const joining = sent(buildPresence(own, true));
  assert.ok(child(joining, 'x', 'http://jabber.org/protocol/muc'));
  assert.equal(text(child(joining, 'nick', 'http://jabber.org/protocol/nick')), 'Ada & co');
  assert.equal(text(child(joining, 'SourceInfo')), '{"a1b2c3d4-a0":{"muted":false}}');
  assert.equal(text(child(joining, 'jitsi_participant_codecList')), 'vp9,vp8');
  assert.equal(child(joining, 'jitsi_participant_raisedHand'), undefined);
  const locked = child(sent(buildPresence(own, true, 'a & b')), 'x', 'http://jabber.org/protocol/muc')!;
  assert.equal(text(child(locked, 'password')), 'a & b');
  const later = sent(buildPresence({ ...own, raisedHand: 7 }, false, 'secret'));
  assert.equal(child(later, 'x'), undefined, 'a change must not look like another join');
  assert.equal(text(child(later, 'jitsi_participant_raisedHand')), '7');
  assert.equal(attr(child(later, 'c')!, 'ver'), 'hash');
});

test('caps: features are sorted, rewriting is told only when it is on', async () => {
  const list = features(true);
  assert.deepEqual(list, [...list].sort());
  assert.ok(list.includes('http://jitsi.org/ssrc-rewriting-1'));
  assert.ok(!features(false).includes('http://jitsi.org/ssrc-rewriting-1'));
  assert.equal(verificationString(['a', 'b']), 'client/web//Cloister<a<b<');
  assert.equal(await capsVersion(['a', 'b']), '0AP+T//u9w7hUWyGAFwXSya4L5I=');
});

test('what XML cannot carry does not end the stream', () => {
  assert.equal(serialize(el('body', {}, 'a\u0000\u0008b\uffff\ud83d')), '<body>ab\ufffd</body>');
});

test('children are found by name and namespace, however it is written', () => {
  const parent = xml(`<a xmlns='urn:a'><b/><c:b xmlns:c='urn:c'/>text</a>`);
  assert.equal(children(parent).length, 2);
  assert.equal(children(parent, 'b', 'urn:c').length, 1);
  assert.equal(children(parent, 'b', 'urn:a').length, 1);
});
