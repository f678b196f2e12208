// Runs in Chromium: a second RTCPeerConnection plays the bridge, so that the browser itself judges our SDP.
import { parse } from 'sdp-transform';
import type { MediaContent, Offer, RemoteSource } from '../../src/media/model';
import { openCamera, openMicrophone } from '../../src/media/devices';
import { type RemoteTrack, MediaSession } from '../../src/media/session';

const bridge = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
let session: MediaSession;
let tracks: RemoteTrack[] = [];

/** What a focus would say of this bridge: its formats and transport, taken out of the browser's own offer. */
function offerOf(sdp: string, candidates: RTCIceCandidate[]): Offer {
  const parsed = parse(sdp);
  const first = parsed.media[0]!;
  return {
    sid: 'loopback',
    initiator: 'focus',
    media: parsed.media.slice(0, 2).map((media): MediaContent => ({
      kind: media.type as 'audio' | 'video',
      payloads: media.rtp.map((rtp) => ({
        id: rtp.payload,
        name: rtp.codec,
        clockrate: rtp.rate ?? 90000,
        channels: Number(rtp.encoding ?? 1),
        parameters: (media.fmtp.find((fmtp) => fmtp.payload === rtp.payload)?.config ?? '')
          .split(';')
          .filter(Boolean)
          .map((pair) => ({ name: pair.split('=')[0]!, value: pair.split('=')[1] ?? '' })),
        feedback: (media.rtcpFb ?? [])
          .filter((fb) => fb.payload === rtp.payload)
          .map((fb) => ({ type: fb.type, subtype: fb.subtype ?? '' })),
      })),
      extensions: (media.ext ?? []).map((ext) => ({ id: ext.value, uri: ext.uri })),
      extmapAllowMixed: true,
    })),
    transport: {
      ufrag: String(first.iceUfrag),
      pwd: String(first.icePwd),
      fingerprints: [
        {
          hash: 'sha-256',
          value: parsed.fingerprint?.hash ?? first.fingerprint!.hash,
          setup: 'actpass',
          cryptex: false,
        },
      ],
      candidates: candidates.map((candidate) => ({
        foundation: candidate.foundation ?? '1',
        component: '1',
        protocol: 'udp',
        priority: String(candidate.priority),
        ip: candidate.address ?? '',
        port: String(candidate.port),
        type: 'host',
        generation: '0',
        relAddr: '',
        relPort: '',
        tcpType: '',
      })),
      webSockets: [],
      sctpPort: 5000,
    },
    bridgeSession: 'b1',
    sources: [],
  };
}

async function gathered(pc: RTCPeerConnection): Promise<RTCIceCandidate[]> {
  const found: RTCIceCandidate[] = [];
  return new Promise((resolve) => {
    pc.onicecandidate = ({ candidate }) => {
      if (!candidate) resolve(found);
      else if (candidate.protocol === 'udp' && candidate.address?.includes('.')) found.push(candidate);
    };
  });
}

async function start(withCamera: boolean) {
  bridge.addTransceiver('audio', { direction: 'recvonly' });
  bridge.addTransceiver('video', { direction: 'recvonly' });
  const channel = new Promise<string>((resolve) => {
    bridge.ondatachannel = ({ channel: opened }) => resolve(`${opened.label} ${opened.protocol}`);
  });
  bridge.createDataChannel('probe');
  const offer = await bridge.createOffer();
  const candidates = gathered(bridge);
  await bridge.setLocalDescription(offer);
  session = new MediaSession(offerOf(offer.sdp ?? '', await candidates), 'aaaaaaaa', {
    onConnection: () => undefined,
    onTracks: (now) => {
      tracks = now;
    },
  });
  const camera = withCamera ? await openCamera(720) : null;
  const microphone = withCamera ? await openMicrophone() : null;
  const accepted = await session.start({ microphone, camera, screen: null });
  await bridge.setRemoteDescription(session.pc.localDescription!);
  session.pc.createDataChannel('JVB data channel', { protocol: 'http://jitsi.org/protocols/colibri' });
  return { ...accepted, channel: await channel, sdp: session.pc.localDescription!.sdp };
}

/** The bridge forwards somebody's video: one stream with retransmissions, named by a map. */
async function forward(name: string, owner: string): Promise<RemoteSource> {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const paint = canvas.getContext('2d')!;
  setInterval(() => {
    paint.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
    paint.fillRect(0, 0, 320, 180);
  }, 50);
  bridge.addTransceiver(canvas.captureStream(20).getVideoTracks()[0]!, { direction: 'sendonly' });
  const offer = await bridge.createOffer();
  await bridge.setLocalDescription(offer);
  const section = parse(offer.sdp ?? '').media.at(-1)!;
  const [ssrc, rtx] = section.ssrcGroups![0]!.ssrcs.split(' ').map(Number);
  const source: RemoteSource = { name, owner, kind: 'video', ssrc: ssrc!, rtx, videoType: 'camera' };
  await session.put([source]);
  await bridge.setRemoteDescription(session.pc.localDescription!);
  return source;
}

/** The bridge receives a further stream: our new section is one of its own. */
async function share() {
  const source = await session.share((await openCamera(720)).clone());
  bridge.addTransceiver('video', { direction: 'recvonly' });
  await bridge.setLocalDescription(await bridge.createOffer());
  await bridge.setRemoteDescription(session.pc.localDescription!);
  return source;
}

async function outbound() {
  const report = [...(await session.pc.getStats()).values()];
  return report
    .filter((entry) => entry.type === 'outbound-rtp')
    .map(({ ssrc, kind, frameHeight, packetsSent, active, scalabilityMode, rid }) => ({
      ssrc,
      kind,
      frameHeight,
      packetsSent,
      active,
      scalabilityMode,
      rid,
    }));
}

async function inbound() {
  const report = [...(await session.pc.getStats()).values()];
  return report
    .filter((entry) => entry.type === 'inbound-rtp')
    .map(({ ssrc, kind, frameHeight, framesDecoded, mid }) => ({
      ssrc,
      kind,
      frameHeight,
      framesDecoded,
      mid,
    }));
}

Object.assign(window, {
  loopback: {
    start,
    forward,
    outbound,
    inbound,
    tracks: () => tracks.map(({ source, mid }) => ({ source, mid })),
    unmute: async () => session.setTrack('camera', await openCamera(720)),
    share,
    constrain: (name: string, height: number) => session.constrain(name, height),
    mute: () => session.setTrack('microphone', null),
    put: (source: RemoteSource) => session.put([source]),
    remove: (owner: string) => session.remove((source) => source.owner === owner),
  },
});
