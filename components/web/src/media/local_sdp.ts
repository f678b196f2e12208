// The browser's answer: simulcast put in before it is applied, then read for `session-accept`.
import { parse, write, type MediaDescription } from 'sdp-transform';
import type { Answer, Fingerprint, Kind, MediaContent, Payload } from './model';

export interface Layer {
  ssrc: number;
  rtx: number | undefined;
}

type Ssrc = NonNullable<MediaDescription['ssrcs']>[number];

/** Streams that one m-section of a local description announces, first to last. */
export function layersOf(sdp: string, mid: string): Layer[] {
  const section = parse(sdp).media.find((media) => String(media.mid) === mid);
  if (!section) return [];
  const pairs = fidPairs(section);
  const repeats = new Set(pairs.values());
  const ssrcs = [...new Set((section.ssrcs ?? []).map((entry) => Number(entry.id)))];
  return ssrcs.filter((ssrc) => !repeats.has(ssrc)).map((ssrc) => ({ ssrc, rtx: pairs.get(ssrc) }));
}

const fidPairs = (section: MediaDescription): Map<number, number> =>
  new Map(
    (section.ssrcGroups ?? [])
      .filter((group) => group.semantics === 'FID')
      .map((group) => group.ssrcs.split(' ').map(Number) as [number, number]),
  );

/**
 * Makes the section `mid` announce exactly these layers.
 *
 * Several layers make Chromium send simulcast: it reads a SIM group of its own description as the wish to. There is no
 * RID in this protocol (client.md §10), so the standard way, `sendEncodings`, is closed.
 */
export function withLayers(sdp: string, mid: string, layers: Layer[]): string {
  const session = parse(sdp);
  const section = session.media.find((media) => String(media.mid) === mid);
  if (!section?.ssrcs?.length || layers.length === 0) return sdp;
  const template = attributesOfFirst(section.ssrcs);
  const all = layers.flatMap(({ ssrc, rtx }) => (rtx === undefined ? [ssrc] : [ssrc, rtx]));
  section.ssrcs = all.flatMap((id) => template.map(({ attribute, value }) => ssrcLine(id, attribute, value)));
  const groups = layers.flatMap(({ ssrc, rtx }) =>
    rtx === undefined ? [] : [{ semantics: 'FID', ssrcs: `${ssrc} ${rtx}` }],
  );
  const sim = { semantics: 'SIM', ssrcs: layers.map((layer) => layer.ssrc).join(' ') };
  section.ssrcGroups = layers.length > 1 ? [sim, ...groups] : groups;
  return write(session);
}

const attributesOfFirst = (ssrcs: Ssrc[]): Ssrc[] => ssrcs.filter((entry) => entry.id === ssrcs[0]?.id);
const ssrcLine = (id: number, attribute: string, value?: string): Ssrc =>
  value === undefined ? { id, attribute } : { id, attribute, value };

/** What the answer chose; `kinds` says in which sections our own audio and video are. */
export function readAnswer(sdp: string, ownMids: { kind: Kind; mid: string }[]): Answer {
  const session = parse(sdp);
  const section = (mid: string) => session.media.find((media) => String(media.mid) === mid);
  const first = section(ownMids[0]?.mid ?? '') ?? session.media[0];
  if (!first) throw new Error('the answer has no section');
  const data = session.media.find((media) => media.type === 'application');
  const cryptex = /^a=cryptex\r?$/m.test(sdp);
  return {
    media: ownMids.flatMap(({ kind, mid }) => {
      const own = section(mid);
      return own ? [mediaContent(kind, own, sdp)] : [];
    }),
    ufrag: String(first.iceUfrag ?? session.iceUfrag ?? ''),
    pwd: String(first.icePwd ?? session.icePwd ?? ''),
    fingerprints: fingerprints(first.fingerprint ?? session.fingerprint, first.setup, cryptex),
    sctpPort: data?.port ? Number(data.sctpPort) || 5000 : undefined,
  };
}

function fingerprints(
  found: { type: string; hash: string } | undefined,
  setup: string | undefined,
  cryptex: boolean,
): Fingerprint[] {
  return found ? [{ hash: found.type, value: found.hash, setup: setup ?? 'active', cryptex }] : [];
}

function mediaContent(kind: Kind, section: MediaDescription, sdp: string): MediaContent {
  const numbers = String(section.payloads ?? '')
    .split(' ')
    .map(Number);
  return {
    kind,
    payloads: numbers.flatMap((id) => payload(section, id)),
    extensions: (section.ext ?? []).map((ext) => ({ id: ext.value, uri: extensionUri(ext) })),
    extmapAllowMixed: /^a=extmap-allow-mixed\r?$/m.test(sdp),
  };
}

/** RFC 6904: the encrypted form names two URIs in one. */
function extensionUri(ext: { uri: string } & Record<string, unknown>): string {
  const encrypted = ext['encrypt-uri'];
  return typeof encrypted === 'string' && encrypted ? `${encrypted} ${ext.uri}` : ext.uri;
}

function payload(section: MediaDescription, id: number): Payload[] {
  const format = section.rtp.find((rtp) => rtp.payload === id);
  if (!format) return [];
  const config = section.fmtp.find((fmtp) => fmtp.payload === id)?.config ?? '';
  return [
    {
      id,
      name: format.codec,
      clockrate: format.rate ?? 90000,
      channels: Number(format.encoding ?? 1),
      parameters: config ? config.split(';').map(parameter) : [],
      feedback: (section.rtcpFb ?? [])
        .filter((fb) => String(fb.payload) === String(id))
        .map((fb) => ({ type: fb.type, subtype: fb.subtype ?? '' })),
    },
  ];
}

function parameter(pair: string): { name: string; value: string } {
  const [name, ...rest] = pair.trim().split('=');
  return rest.length ? { name: name ?? '', value: rest.join('=') } : { name: '', value: name ?? '' };
}
