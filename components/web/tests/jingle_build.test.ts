import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layersOf, readAnswer, withLayers } from '../src/media/local_sdp';
import type { LocalSource } from '../src/media/model';
import { sessionAccept, sessionTerminate, sourceAdd } from '../src/xmpp/jingle_build';
import { attr, child, children, text } from '../src/xmpp/xml';
import { sent } from './support/dom';

/** Shaped like Chromium's answer to our description of the bridge. */
const ANSWER = `v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=extmap-allow-mixed
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 111 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:0012
a=ice-pwd:uH4VVR2JZNH5qDu3KlZJDt4M
a=fingerprint:sha-256 CF:4F:09
a=setup:active
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:5 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=sendonly
a=msid:- 6ec7
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1;cbr=1
a=rtpmap:126 telephone-event/8000
a=ssrc:77 cname:x1
m=video 9 UDP/TLS/RTP/SAVPF 100 96
c=IN IP4 0.0.0.0
a=ice-ufrag:0012
a=ice-pwd:uH4VVR2JZNH5qDu3KlZJDt4M
a=fingerprint:sha-256 CF:4F:09
a=setup:active
a=mid:1
a=sendonly
a=msid:- 93f2
a=rtcp-mux
a=rtpmap:100 VP8/90000
a=rtcp-fb:100 ccm fir
a=rtcp-fb:100 nack
a=rtcp-fb:100 nack pli
a=rtpmap:96 rtx/90000
a=fmtp:96 apt=100
a=ssrc-group:FID 11 12
a=ssrc:11 cname:x1
a=ssrc:11 msid:- 93f2
a=ssrc:12 cname:x1
a=ssrc:12 msid:- 93f2
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:0012
a=ice-pwd:uH4VVR2JZNH5qDu3KlZJDt4M
a=fingerprint:sha-256 CF:4F:09
a=setup:active
a=mid:2
a=sctp-port:5000
`.replaceAll('\n', '\r\n');

const LAYERS = [
  { ssrc: 11, rtx: 12 },
  { ssrc: 21, rtx: 22 },
  { ssrc: 31, rtx: 32 },
];
const MIDS = [
  { kind: 'audio', mid: '0' },
  { kind: 'video', mid: '1' },
] as const;

test('simulcast is put into the section of the camera alone', () => {
  assert.deepEqual(layersOf(ANSWER, '1'), [{ ssrc: 11, rtx: 12 }]);
  const munged = withLayers(ANSWER, '1', LAYERS);
  const [, audio, video] = munged.split('\r\nm=');
  assert.match(video!, /a=ssrc-group:SIM 11 21 31\r\n/);
  for (const pair of ['11 12', '21 22', '31 32']) assert.ok(video!.includes(`a=ssrc-group:FID ${pair}\r\n`));
  for (const ssrc of [11, 12, 21, 22, 31, 32]) {
    assert.ok(video!.includes(`a=ssrc:${ssrc} cname:x1\r\n`));
    assert.ok(video!.includes(`a=ssrc:${ssrc} msid:- 93f2\r\n`));
  }
  assert.doesNotMatch(audio!, /ssrc-group/);
  assert.deepEqual(layersOf(munged, '1'), LAYERS);
  assert.equal(withLayers(munged, '1', LAYERS), munged, 'doing it again changes nothing');
});

const camera: LocalSource = {
  name: 'aa-v0',
  kind: 'video',
  videoType: 'camera',
  msid: 's t',
  layers: LAYERS,
};
const microphone: LocalSource = {
  name: 'aa-a0',
  kind: 'audio',
  videoType: 'camera',
  msid: 'u v',
  layers: [{ ssrc: 77, rtx: undefined }],
};

test('session-accept carries the chosen formats, the transport without candidates, and all sources', () => {
  const answer = readAnswer(ANSWER, [...MIDS]);
  const jingle = sent(sessionAccept('s1', 'focus@x/focus', 'me@x/r', answer, [microphone, camera]));
  assert.equal(attr(jingle, 'action'), 'session-accept');
  assert.equal(attr(jingle, 'responder'), 'me@x/r');
  const contents = children(jingle, 'content');
  assert.deepEqual(
    contents.map((content) => attr(content, 'name')),
    ['audio', 'video', 'data'],
  );
  const [audio, video, data] = contents as [Element, Element, Element];

  const description = child(audio, 'description', 'urn:xmpp:jingle:apps:rtp:1')!;
  const opus = children(description, 'payload-type')[0]!;
  assert.equal(attr(opus, 'id'), '111');
  assert.equal(attr(opus, 'channels'), '2');
  assert.deepEqual(
    children(opus, 'parameter').map((p) => `${attr(p, 'name')}=${attr(p, 'value')}`),
    ['minptime=10', 'useinbandfec=1', 'cbr=1'],
  );
  assert.equal(
    attr(children(description, 'rtp-hdrext')[0]!, 'uri'),
    'urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  );

  const transport = child(audio, 'transport', 'urn:xmpp:jingle:transports:ice-udp:1')!;
  assert.equal(attr(transport, 'ufrag'), '0012');
  assert.deepEqual(children(transport, 'candidate'), []);
  const fingerprint = child(transport, 'fingerprint', 'urn:xmpp:jingle:apps:dtls:0')!;
  assert.equal(attr(fingerprint, 'setup'), 'active');
  assert.equal(text(fingerprint), 'CF:4F:09');

  const sources = child(video, 'description')!;
  assert.deepEqual(
    children(sources, 'source').map((source) => attr(source, 'ssrc')),
    ['11', '12', '21', '22', '31', '32'],
  );
  assert.deepEqual(
    children(sources, 'ssrc-group').map((group) => [
      attr(group, 'semantics'),
      ...children(group, 'source').map((source) => attr(source, 'ssrc')),
    ]),
    [
      ['SIM', '11', '21', '31'],
      ['FID', '11', '12'],
      ['FID', '21', '22'],
      ['FID', '31', '32'],
    ],
  );
  const first = children(sources, 'source')[0]!;
  assert.equal(attr(first, 'name'), 'aa-v0');
  assert.equal(attr(child(first, 'parameter')!, 'value'), 's t');
  assert.equal(attr(child(child(data, 'transport')!, 'sctpmap')!, 'number'), '5000');
});

test('a further source goes out alone', () => {
  const screen: LocalSource = {
    ...camera,
    name: 'aa-v1',
    videoType: 'desktop',
    layers: [{ ssrc: 41, rtx: 42 }],
  };
  const jingle = sent(sourceAdd('s1', screen));
  const description = child(child(jingle, 'content')!, 'description')!;
  assert.deepEqual(
    children(description, 'source').map((source) => attr(source, 'videoType')),
    ['desktop', 'desktop'],
  );
  assert.deepEqual(
    children(description, 'ssrc-group').map((group) => attr(group, 'semantics')),
    ['FID'],
  );
});

test('a restart names the bridge session', () => {
  const jingle = sent(sessionTerminate('s1', 'b1', 'connectivity-error', 'ICE FAILED', true));
  const session = child(jingle, 'bridge-session', 'http://jitsi.org/protocol/focus')!;
  assert.equal(attr(session, 'id'), 'b1');
  assert.equal(attr(session, 'restart'), 'true');
  assert.ok(child(child(jingle, 'reason')!, 'connectivity-error'));
});
