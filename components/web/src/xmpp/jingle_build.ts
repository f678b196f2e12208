// Our Jingle messages to the focus (client.md §8): values → XML. Sources go out in the standard form only.
import type { Answer, Fingerprint, LocalSource, MediaContent, Payload } from '../media/model';
import { NS } from './ns';
import { el } from './xml';

const jingle = (
  action: string,
  sid: string,
  attributes: Record<string, string>,
  ...content: (Element | undefined)[]
) => el('jingle', { xmlns: NS.jingle, action, sid, ...attributes }, ...content);

/** No candidates: the bridge learns our address from our checks, nobody else needs it. */
export function sessionAccept(
  sid: string,
  initiator: string,
  responder: string,
  answer: Answer,
  sources: LocalSource[],
): Element {
  const contents = answer.media.map((media) =>
    el(
      'content',
      { creator: 'responder', name: media.kind, senders: 'both' },
      description(media, sources),
      transport(answer),
    ),
  );
  if (answer.sctpPort !== undefined) contents.push(dataContent(answer, answer.sctpPort));
  return jingle('session-accept', sid, { initiator, responder }, ...contents, bundle(contents));
}

export const sourceAdd = (sid: string, source: LocalSource): Element =>
  sourceChange('source-add', sid, source);
export const sourceRemove = (sid: string, source: LocalSource): Element =>
  sourceChange('source-remove', sid, source);

function sourceChange(action: string, sid: string, source: LocalSource): Element {
  const content = el(
    'content',
    { creator: 'responder', name: source.kind, senders: 'both' },
    el('description', { xmlns: NS.rtp, media: source.kind }, ...sourceElements(source)),
  );
  return jingle(action, sid, {}, content);
}

/** `restart`: the focus is to invite us again at once (focus.md §4.7). */
export function sessionTerminate(
  sid: string,
  bridgeSession: string | undefined,
  reason: 'success' | 'connectivity-error' | 'failed-application',
  explanation: string,
  restart: boolean,
): Element {
  const session = el('bridge-session', { xmlns: NS.focus, id: bridgeSession, restart: String(restart) });
  const why = el('reason', {}, el(reason), el('text', {}, explanation));
  return jingle('session-terminate', sid, {}, why, bridgeSession === undefined ? undefined : session);
}

function description(media: MediaContent, sources: LocalSource[]): Element {
  return el(
    'description',
    { xmlns: NS.rtp, media: media.kind },
    ...media.payloads.map(payloadElement),
    ...media.extensions.map(({ id, uri }) => el('rtp-hdrext', { xmlns: NS.hdrext, id, uri })),
    media.extmapAllowMixed ? el('extmap-allow-mixed', { xmlns: NS.hdrext }) : undefined,
    el('rtcp-mux'),
    ...sources.filter((source) => source.kind === media.kind).flatMap(sourceElements),
  );
}

const payloadElement = (payload: Payload): Element =>
  el(
    'payload-type',
    {
      id: payload.id,
      name: payload.name,
      clockrate: payload.clockrate,
      channels: payload.channels > 1 ? payload.channels : undefined,
    },
    ...payload.parameters.map(({ name, value }) => el('parameter', { name: name || undefined, value })),
    ...payload.feedback.map(({ type, subtype }) =>
      el('rtcp-fb', { xmlns: NS.rtcpFb, type, subtype: subtype || undefined }),
    ),
  );

function sourceElements(source: LocalSource): Element[] {
  const ssrcs = source.layers.flatMap(({ ssrc, rtx }) => (rtx === undefined ? [ssrc] : [ssrc, rtx]));
  const groups = source.layers.flatMap(({ ssrc, rtx }) =>
    rtx === undefined ? [] : [group('FID', [ssrc, rtx])],
  );
  if (source.layers.length > 1) {
    groups.unshift(
      group(
        'SIM',
        source.layers.map((layer) => layer.ssrc),
      ),
    );
  }
  return [...ssrcs.map((ssrc) => sourceElement(source, ssrc)), ...groups];
}

const sourceElement = (source: LocalSource, ssrc: number): Element =>
  el(
    'source',
    {
      xmlns: NS.ssma,
      ssrc,
      name: source.name,
      videoType: source.kind === 'video' ? source.videoType : undefined,
    },
    el('parameter', { name: 'msid', value: source.msid }),
  );

const group = (semantics: 'SIM' | 'FID', ssrcs: number[]): Element =>
  el(
    'ssrc-group',
    { xmlns: NS.ssma, semantics },
    ...ssrcs.map((ssrc) => el('source', { xmlns: NS.ssma, ssrc })),
  );

const transport = (answer: Answer, ...more: Element[]): Element =>
  el(
    'transport',
    { xmlns: NS.ice, ufrag: answer.ufrag, pwd: answer.pwd },
    el('rtcp-mux'),
    ...answer.fingerprints.map(fingerprint),
    ...more,
  );

const fingerprint = ({ hash, value, setup, cryptex }: Fingerprint): Element =>
  el('fingerprint', { xmlns: NS.dtls, hash, setup, cryptex: cryptex ? 'true' : undefined }, value);

function dataContent(answer: Answer, port: number): Element {
  const map = el('sctpmap', { xmlns: NS.sctp, number: port, protocol: 'webrtc-datachannel', streams: 1024 });
  return el(
    'content',
    { creator: 'responder', name: 'data', senders: 'both' },
    el('description', { xmlns: NS.rtp, media: 'application' }),
    transport(answer, map),
  );
}

const bundle = (contents: Element[]): Element =>
  el(
    'group',
    { xmlns: NS.grouping, semantics: 'BUNDLE' },
    ...contents.map((content) => el('content', { name: content.getAttribute('name') ?? '' })),
  );
