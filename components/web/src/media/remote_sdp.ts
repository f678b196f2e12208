// Offer and sections → the SDP of the bridge, as the browser wants to read it (RFC 8829; client.md §9).
//
// The bridge never speaks SDP: this description is made up here, whole, whenever a section changes. Sections only
// ever grow: an m-line that has lost its source becomes inactive and waits for the next one (RFC 8843 §7.1).
import { FALLBACK, isVideoCodec } from './codecs';
import type { Candidate, Fingerprint, MediaContent, Offer, Payload, RemoteSource } from './model';

export type Section =
  /** Carries a source of our own; the bridge only receives in it. */
  | { mid: string; kind: 'audio' | 'video'; role: 'own' }
  /** Carries one source of somebody else, or none at the moment. */
  | { mid: string; kind: 'audio' | 'video'; role: 'remote'; source: RemoteSource | undefined }
  | { mid: string; kind: 'data'; role: 'data' };

const MID_EXTENSIONS = /:sdes:(mid|rtp-stream-id|repaired-rtp-stream-id)$/;

/** The browser's limit; the bridge's messages are far smaller. */
const MAX_MESSAGE_BYTES = 262144;

/**
 * Kilobits per second that Chromium begins with, in place of 300. An estimate that starts below the sum of the lower two
 * layers may stay there: it grows to half again what was sent, and a layer without its minimum sends nothing.
 */
const START_KBPS = 1000;

export function remoteSdp(offer: Offer, sections: Section[], version: number): string {
  const lines = [
    'v=0',
    `o=- 1 ${version} IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${sections.map((section) => section.mid).join(' ')}`,
    'a=msid-semantic: WMS *',
  ];
  if (offer.media.some((media) => media.extmapAllowMixed)) lines.push('a=extmap-allow-mixed');
  if (offer.transport.fingerprints.some((fingerprint) => fingerprint.cryptex)) lines.push('a=cryptex');
  sections.forEach((section, index) => {
    lines.push(...(section.role === 'data' ? dataSection(offer, section.mid) : rtpSection(offer, section)));
    if (index === 0) lines.push(...offer.transport.candidates.map(candidateLine), 'a=end-of-candidates');
  });
  return `${lines.join('\r\n')}\r\n`;
}

function transportLines(offer: Offer, mid: string): string[] {
  return [
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=ice-ufrag:${offer.transport.ufrag}`,
    `a=ice-pwd:${offer.transport.pwd}`,
    ...offer.transport.fingerprints.map(fingerprintLine),
    `a=setup:${offer.transport.fingerprints[0]?.setup || 'actpass'}`,
  ];
}

function dataSection(offer: Offer, mid: string): string[] {
  return [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ...transportLines(offer, mid),
    `a=sctp-port:${offer.transport.sctpPort ?? 5000}`,
    `a=max-message-size:${MAX_MESSAGE_BYTES}`,
  ];
}

function rtpSection(offer: Offer, section: Exclude<Section, { role: 'data' }>): string[] {
  const media = offer.media.find((content) => content.kind === section.kind);
  if (!media) throw new Error(`the offer has no ${section.kind}`);
  const payloads = usablePayloads(media);
  return [
    `m=${section.kind} 9 UDP/TLS/RTP/SAVPF ${payloads.map((payload) => payload.id).join(' ')}`,
    ...transportLines(offer, section.mid),
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=${direction(section)}`,
    ...usableExtensions(media).map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...payloads.flatMap(payloadLines),
    ...(section.role === 'remote' && section.source ? sourceLines(section.source) : []),
  ];
}

const direction = (section: Section): string =>
  section.role === 'own' ? 'recvonly' : section.role === 'remote' && section.source ? 'sendonly' : 'inactive';

/**
 * What this page sends and plays: Opus, and the video codecs with their retransmissions. VP8 comes first, since browsers
 * send the first one unless they are told otherwise.
 */
export function usablePayloads(media: MediaContent): Payload[] {
  if (media.kind === 'audio') {
    return media.payloads.filter((payload) => /^(opus|telephone-event)$/i.test(payload.name));
  }
  const known = media.payloads.filter((payload) => isVideoCodec(payload.name));
  const isFallback = (payload: Payload) => payload.name.toLowerCase() === FALLBACK;
  const codecs = [...known.filter(isFallback), ...known.filter((payload) => !isFallback(payload))];
  const repeats = media.payloads.filter(
    (payload) =>
      /^rtx$/i.test(payload.name) &&
      payload.parameters.some(
        ({ name, value }) => name === 'apt' && codecs.some((codec) => value === String(codec.id)),
      ),
  );
  return [...codecs, ...repeats];
}

/** Sections are made up on this side: a MID in a forwarded packet would name the wrong one (client.md §9). */
export const usableExtensions = (media: MediaContent): MediaContent['extensions'] =>
  media.extensions.filter(({ uri }) => !MID_EXTENSIONS.test(uri));

function payloadLines(payload: Payload): string[] {
  const channels = payload.channels > 1 ? `/${payload.channels}` : '';
  const hints = isVideoCodec(payload.name)
    ? [{ name: 'x-google-start-bitrate', value: String(START_KBPS) }]
    : [];
  const parameters = [...payload.parameters, ...hints]
    .map(({ name, value }) => (name ? `${name}=${value}` : value))
    .join(';');
  return [
    `a=rtpmap:${payload.id} ${payload.name}/${payload.clockrate}${channels}`,
    ...(parameters ? [`a=fmtp:${payload.id} ${parameters}`] : []),
    ...payload.feedback.map(
      ({ type, subtype }) => `a=rtcp-fb:${payload.id} ${type}${subtype ? ` ${subtype}` : ''}`,
    ),
  ];
}

function sourceLines({ kind, ssrc, rtx }: RemoteSource): string[] {
  const label = `remote-${kind}-${ssrc}`;
  const ssrcs = rtx === undefined ? [ssrc] : [ssrc, rtx];
  return [
    `a=msid:${label} ${label}-track`,
    ...(rtx === undefined ? [] : [`a=ssrc-group:FID ${ssrc} ${rtx}`]),
    ...ssrcs.map((each) => `a=ssrc:${each} cname:${label}`),
  ];
}

const fingerprintLine = ({ hash, value }: Fingerprint): string => `a=fingerprint:${hash} ${value}`;

function candidateLine(candidate: Candidate): string {
  const { foundation, component, protocol, priority, ip, port, type, generation } = candidate;
  const parts = [`a=candidate:${foundation} ${component} ${protocol} ${priority} ${ip} ${port} typ ${type}`];
  if (candidate.relAddr && candidate.relPort)
    parts.push(`raddr ${candidate.relAddr} rport ${candidate.relPort}`);
  if (protocol.toLowerCase() === 'tcp' && candidate.tcpType) parts.push(`tcptype ${candidate.tcpType}`);
  parts.push(`generation ${generation || '0'}`);
  return parts.join(' ');
}
