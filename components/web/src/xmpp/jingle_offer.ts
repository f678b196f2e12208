// `session-initiate` of the focus → values (focus.md §4.1, client.md §9).
import type {
  Candidate,
  Fingerprint,
  HeaderExtension,
  MediaContent,
  Offer,
  Payload,
  Transport,
} from '../media/model';
import { NS } from './ns';
import { parseSources } from './sources';
import { attr, child, children, numberAttr, text } from './xml';

/** The offer, or undefined when it cannot be used: no transport, no fingerprint, no media. */
export function parseOffer(jingle: Element): Offer | undefined {
  const contents = children(jingle, 'content', NS.jingle);
  const transport = mergeTransports(contents);
  const media = contents.flatMap(parseMedia);
  if (!transport || media.length === 0) return undefined;
  const session = child(jingle, 'bridge-session', NS.focus);
  return {
    sid: attr(jingle, 'sid'),
    initiator: attr(jingle, 'initiator'),
    media,
    transport,
    bridgeSession: (session && attr(session, 'id')) || undefined,
    sources: parseSources(jingle),
  };
}

function parseMedia(content: Element): MediaContent[] {
  const description = child(content, 'description', NS.rtp);
  const kind = description && (attr(description, 'media') || attr(content, 'name'));
  if (!description || (kind !== 'audio' && kind !== 'video')) return [];
  return [
    {
      kind,
      payloads: children(description, 'payload-type').flatMap(parsePayload),
      extensions: children(description, 'rtp-hdrext', NS.hdrext).flatMap(parseExtension),
      extmapAllowMixed: child(description, 'extmap-allow-mixed') !== undefined,
    },
  ];
}

function parsePayload(element: Element): Payload[] {
  const id = numberAttr(element, 'id');
  const clockrate = numberAttr(element, 'clockrate');
  if (id === undefined || id > 127 || !clockrate || !attr(element, 'name')) return [];
  return [
    {
      id,
      name: attr(element, 'name'),
      clockrate,
      channels: numberAttr(element, 'channels') ?? 1,
      parameters: children(element, 'parameter').map((p) => ({
        name: attr(p, 'name'),
        value: attr(p, 'value'),
      })),
      feedback: children(element, 'rtcp-fb').map((fb) => ({
        type: attr(fb, 'type'),
        subtype: attr(fb, 'subtype'),
      })),
    },
  ];
}

function parseExtension(element: Element): HeaderExtension[] {
  const id = numberAttr(element, 'id');
  return id === undefined || !attr(element, 'uri') ? [] : [{ id, uri: attr(element, 'uri') }];
}

/** Every content repeats the bridge's transport; only the one of `data` names the SCTP port. */
function mergeTransports(contents: Element[]): Transport | undefined {
  const transports = contents.flatMap((content) => child(content, 'transport', NS.ice) ?? []);
  const first = transports[0];
  if (!first) return undefined;
  const parsed = parseTransport(first);
  if (!parsed.ufrag || !parsed.pwd || parsed.fingerprints.length === 0) return undefined;
  for (const transport of transports.slice(1)) {
    const { webSockets, sctpPort } = parseTransport(transport);
    parsed.sctpPort ??= sctpPort;
    for (const url of webSockets) if (!parsed.webSockets.includes(url)) parsed.webSockets.push(url);
  }
  return parsed;
}

export function parseTransport(transport: Element): Transport {
  const sctp = child(transport, 'sctpmap', NS.sctp);
  return {
    ufrag: attr(transport, 'ufrag'),
    pwd: attr(transport, 'pwd'),
    fingerprints: children(transport, 'fingerprint', NS.dtls).map(parseFingerprint),
    candidates: children(transport, 'candidate').map(parseCandidate),
    webSockets: children(transport, 'web-socket', NS.colibri).map((socket) => attr(socket, 'url')),
    sctpPort: sctp && (numberAttr(sctp, 'number') ?? 5000),
  };
}

const parseFingerprint = (element: Element): Fingerprint => ({
  hash: attr(element, 'hash'),
  value: text(element).trim(),
  setup: attr(element, 'setup'),
  cryptex: attr(element, 'cryptex') === 'true',
});

const parseCandidate = (element: Element): Candidate => ({
  foundation: attr(element, 'foundation'),
  component: attr(element, 'component'),
  protocol: attr(element, 'protocol'),
  priority: attr(element, 'priority'),
  ip: attr(element, 'ip'),
  port: attr(element, 'port'),
  type: attr(element, 'type'),
  generation: attr(element, 'generation'),
  relAddr: attr(element, 'rel-addr'),
  relPort: attr(element, 'rel-port'),
  tcpType: attr(element, 'tcptype'),
});
