import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteSdp } from '../src/media/remote_sdp';
import { Sections } from '../src/media/sections';
import { parseOffer } from '../src/xmpp/jingle_offer';
import { xml } from './support/dom';
import { OFFER, offerElement } from './support/offer';

const offer = () => parseOffer(offerElement())!;

test('an offer becomes values', () => {
  const { sid, initiator, bridgeSession, transport, media, sources } = offer();
  assert.equal(sid, '3k9q0c7v2hd1p');
  assert.equal(initiator, 'focus@auth.example.org/focus');
  assert.equal(bridgeSession, '0c0e5a8e');
  assert.equal(transport.ufrag, 'e9k2');
  assert.equal(transport.sctpPort, 5000);
  assert.deepEqual(transport.webSockets, ['wss://meet.example.org/colibri-ws/jvb1/6f/a1?pwd=x']);
  assert.equal(transport.candidates.length, 2);
  assert.deepEqual(
    media.map((content) => content.kind),
    ['audio', 'video'],
  );
  assert.deepEqual(media[0]!.payloads[0]!.parameters, [{ name: '', value: '111/111' }]);
  assert.deepEqual(
    sources.map((source) => source.name),
    ['jvb-v0', 'jvb-a0', 'a1b2c3d4-v0', 'a1b2c3d4-v1', 'a1b2c3d4-a0'],
  );
});

for (const [why, broken] of [
  ['no transport', OFFER.replaceAll('transports:ice-udp:1', 'transports:raw-udp:1')],
  ['no fingerprint', OFFER.replaceAll('apps:dtls:0', 'apps:nothing:0')],
  ['no password', OFFER.replaceAll(/ pwd='[^']*'/g, '')],
  ['no media', OFFER.replaceAll("media='", "media='x")],
] as const) {
  test(`an offer without use is none: ${why}`, () => assert.equal(parseOffer(xml(broken)), undefined));
}

test('the description of the bridge offers what we can use, with the numbers of the offer', () => {
  const sdp = remoteSdp(offer(), new Sections(offer()).list, 1);
  const [session, audio, video, data] = sdp.split('\r\nm=');
  assert.match(session!, /a=group:BUNDLE 0 1 2/);
  assert.match(session!, /a=extmap-allow-mixed/);
  assert.match(audio!, /^audio 9 UDP\/TLS\/RTP\/SAVPF 111 126\r/);
  assert.match(audio!, /a=rtpmap:111 opus\/48000\/2\r/);
  assert.match(audio!, /a=fmtp:111 minptime=10;useinbandfec=1;cbr=1\r/);
  assert.match(
    audio!,
    /a=extmap:1 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level\r/,
  );
  assert.match(audio!, /a=candidate:1 1 udp 2130706431 203.0.113.5 10000 typ host generation 0\r/);
  assert.match(audio!, /typ srflx raddr 10.0.0.5 rport 10000 generation 0\r/);
  assert.match(video!, /^video 9 UDP\/TLS\/RTP\/SAVPF 100 41 42 96\r/);
  assert.match(video!, /a=rtcp-fb:100 nack pli\r/);
  assert.match(video!, /a=fmtp:100 x-google-start-bitrate=1000\r/);
  assert.match(video!, /a=rtpmap:41 AV1\/90000\r/);
  assert.match(video!, /a=recvonly\r/);
  assert.match(data!, /a=sctp-port:5000\r/);
  for (const section of [audio, video, data]) assert.match(section!, /a=setup:actpass\r/);
  assert.doesNotMatch(sdp, /sdes:mid/, 'a MID in a forwarded packet would name the wrong section');
  assert.doesNotMatch(sdp, /red\//);
});

test('each source of another gets a section of its own; a freed one waits for the next', () => {
  const sections = new Sections(offer());
  for (const source of offer().sources.filter(({ owner }) => owner !== 'jvb'))
    assert.equal(sections.put(source), true);
  const full = remoteSdp(offer(), sections.list, 2).split('\r\nm=');
  assert.equal(full.length, 1 + 3 + 3);
  assert.match(full[4]!, /a=sendonly\r/);
  assert.match(full[4]!, /a=ssrc-group:FID 1001 1002\r/);
  assert.match(full[4]!, /a=msid:remote-video-1001 remote-video-1001-track\r/);

  assert.equal(
    sections.remove((source) => source.name === 'a1b2c3d4-v0'),
    true,
  );
  const freed = remoteSdp(offer(), sections.list, 3).split('\r\nm=');
  assert.equal(freed.length, full.length);
  assert.match(freed[4]!, /a=inactive\r/);
  assert.doesNotMatch(freed[4]!, /a=ssrc/);

  sections.put({
    name: 'ffffffff-v0',
    owner: 'ffffffff',
    kind: 'video',
    ssrc: 9001,
    rtx: 9002,
    videoType: 'camera',
  });
  const reused = remoteSdp(offer(), sections.list, 4).split('\r\nm=');
  assert.equal(reused.length, full.length);
  assert.match(reused[4]!, /a=ssrc-group:FID 9001 9002\r/);
});
