// The offer of focus.md §4.1, with VP8 (not the first), AV1, and a second person in the room.
import { xml } from './dom';

export const JSON_SOURCES = JSON.stringify({
  sources: {
    jvb: [
      [{ s: 551, n: 'jvb-v0', m: 'mixedmslabel mixedlabelvideo0' }],
      [],
      [{ s: 552, n: 'jvb-a0', m: 'mixed a0' }],
    ],
    a1b2c3d4: [
      [
        { s: 1001, n: 'a1b2c3d4-v0', m: 'a1b2c3d4-video-0-1 7f-1' },
        { s: 1002, n: 'a1b2c3d4-v0', m: 'a1b2c3d4-video-0-1 7f-1' },
        { s: 2001, n: 'a1b2c3d4-v1', m: 'a1b2c3d4-video-1-1 7f-2', v: 'd' },
      ],
      [['f', 1001, 1002]],
      [{ s: 3001, n: 'a1b2c3d4-a0', m: 'a1b2c3d4-audio-0-1 5e-1' }],
    ],
  },
});

const FINGERPRINT = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':');

const transport = (more = ''): string => `
  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='e9k2' pwd='2f0c2f0c2f0c2f0c2f0c2f0c'>
    <rtcp-mux/>
    <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>${FINGERPRINT}</fingerprint>
    <web-socket xmlns='http://jitsi.org/protocol/colibri' url='wss://meet.example.org/colibri-ws/jvb1/6f/a1?pwd=x'/>
    <candidate component='1' foundation='1' generation='0' id='c1' ip='203.0.113.5' network='0' port='10000'
               priority='2130706431' protocol='udp' type='host'/>
    <candidate component='1' foundation='2' generation='0' id='c2' ip='198.51.100.7' network='0' port='10000'
               priority='1694498815' protocol='udp' type='srflx' rel-addr='10.0.0.5' rel-port='10000'/>
    ${more}
  </transport>`;

const feedback = ['ccm|fir', 'nack|', 'nack|pli', 'transport-cc|']
  .map((fb) => fb.split('|'))
  .map(
    ([type, sub]) =>
      `<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='${type}'${sub ? ` subtype='${sub}'` : ''}/>`,
  )
  .join('');

const hdrext = (id: number, uri: string): string =>
  `<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='${id}' uri='${uri}'/>`;

const TCC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

export const OFFER = `
<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' initiator='focus@auth.example.org/focus' sid='3k9q0c7v2hd1p'>
  <content creator='initiator' name='audio' senders='both'>
    <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio' maxptime='60'>
      <payload-type id='112' name='red' clockrate='48000' channels='2'><parameter value='111/111'/></payload-type>
      <payload-type id='111' name='opus' clockrate='48000' channels='2'>
        <parameter name='minptime' value='10'/><parameter name='useinbandfec' value='1'/><parameter name='cbr' value='1'/>
        <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/>
      </payload-type>
      <payload-type id='126' name='telephone-event' clockrate='8000'/>
      ${hdrext(1, 'urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level')}
      ${hdrext(10, 'urn:ietf:params:rtp-hdrext:sdes:mid')}
      ${hdrext(5, TCC)}
      <extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/>
      <rtcp-mux/>
    </description>${transport()}
  </content>
  <content creator='initiator' name='video' senders='both'>
    <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>
      <payload-type id='41' name='AV1' clockrate='90000'>${feedback}</payload-type>
      <payload-type id='100' name='VP8' clockrate='90000'>${feedback}</payload-type>
      <payload-type id='42' name='rtx' clockrate='90000'><parameter name='apt' value='41'/></payload-type>
      <payload-type id='96' name='rtx' clockrate='90000'><parameter name='apt' value='100'/></payload-type>
      ${hdrext(3, 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time')}
      ${hdrext(10, 'urn:ietf:params:rtp-hdrext:sdes:mid')}
      ${hdrext(5, TCC)}
      <extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/>
      <rtcp-mux/>
    </description>${transport()}
  </content>
  <content creator='initiator' name='data' senders='both'>
    <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='application'/>
    ${transport("<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' protocol='webrtc-datachannel' streams='1024'/>")}
  </content>
  <group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'>
    <content name='audio'/><content name='video'/><content name='data'/>
  </group>
  <bridge-session xmlns='http://jitsi.org/protocol/focus' id='0c0e5a8e' region='eu'/>
  <json-message xmlns='http://jitsi.org/jitmeet'>${JSON_SOURCES}</json-message>
</jingle>`;

export const offerElement = (): Element => xml(OFFER);
