// Sources of others in Jingle, in both forms: standard `<source>` elements and the compact JSON (focus.md §4.3).
import type { Kind, RemoteSource, VideoType } from '../media/model';
import { NS } from './ns';
import { attr, child, children, numberAttr, resourceOf, text } from './xml';

/** The bridge's own feedback sources; they belong to nobody and carry no media. */
export const BRIDGE_OWNER = 'jvb';

interface Stream {
  ssrc: number;
  name: string;
  owner: string;
  videoType: VideoType;
}

/** All sources that a `<jingle>` names. Nonsense is left out: it may come from any participant. */
export function parseSources(jingle: Element): RemoteSource[] {
  const found: RemoteSource[] = [];
  for (const message of children(jingle, 'json-message', NS.jitmeet))
    found.push(...parseJsonSources(text(message)));
  for (const content of children(jingle, 'content')) found.push(...parseXmlSources(content));
  return found;
}

export function parseJsonSources(json: string): RemoteSource[] {
  let owners: unknown;
  try {
    owners = (JSON.parse(json) as { sources?: unknown } | null)?.sources;
  } catch {
    return [];
  }
  if (typeof owners !== 'object' || owners === null) return [];
  const found: RemoteSource[] = [];
  for (const [owner, lists] of Object.entries(owners)) {
    if (!Array.isArray(lists)) continue;
    const [video, videoGroups, audio] = lists as unknown[];
    found.push(...fold('video', readJsonStreams(owner, video), readJsonGroups(videoGroups)));
    found.push(...fold('audio', readJsonStreams(owner, audio), []));
  }
  return found;
}

function readJsonStreams(owner: string, list: unknown): Stream[] {
  if (!Array.isArray(list)) return [];
  const streams: Stream[] = [];
  for (const entry of list as unknown[]) {
    const { s, n, v } = (entry ?? {}) as { s?: unknown; n?: unknown; v?: unknown };
    const ssrc = Number(s);
    if (!isSsrc(ssrc) || typeof n !== 'string') continue;
    streams.push({ ssrc, name: n, owner, videoType: v === 'd' ? 'desktop' : 'camera' });
  }
  return streams;
}

/** Only pairs of a stream and its retransmissions matter here; they are `["f", stream, retransmissions]`. */
function readJsonGroups(list: unknown): [number, number][] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[])
    .filter((group): group is unknown[] => Array.isArray(group) && group[0] === 'f' && group.length === 3)
    .map((group) => [Number(group[1]), Number(group[2])]);
}

function parseXmlSources(content: Element): RemoteSource[] {
  const description = child(content, 'description', NS.rtp);
  const kind = (description && attr(description, 'media')) || attr(content, 'name');
  if (kind !== 'audio' && kind !== 'video') return [];
  const holder = description ?? content;
  const streams = children(holder, 'source', NS.ssma).flatMap(readXmlStream);
  const pairs = children(holder, 'ssrc-group', NS.ssma)
    .filter((group) => attr(group, 'semantics') === 'FID')
    .map((group) => children(group, 'source').map((source) => numberAttr(source, 'ssrc') ?? 0))
    .filter((members): members is [number, number] => members.length === 2);
  return fold(kind, streams, pairs);
}

function readXmlStream(source: Element): Stream[] {
  const ssrc = numberAttr(source, 'ssrc');
  const info = child(source, 'ssrc-info', NS.jitmeet);
  const owner = info ? attr(info, 'owner') : '';
  if (ssrc === undefined || !isSsrc(ssrc) || !owner) return [];
  const videoType = attr(source, 'videoType').startsWith('desktop') ? 'desktop' : 'camera';
  return [{ ssrc, name: attr(source, 'name'), owner: resourceOf(owner) || owner, videoType }];
}

/** Retransmission streams disappear into the streams they repeat; one source keeps its first stream. */
function fold(kind: Kind, streams: Stream[], pairs: [number, number][]): RemoteSource[] {
  const rtxOf = new Map(pairs);
  const repeats = new Set(pairs.map(([, rtx]) => rtx));
  const sources = new Map<string, RemoteSource>();
  for (const { ssrc, name, owner, videoType } of streams) {
    if (repeats.has(ssrc) || sources.has(name)) continue;
    sources.set(name, { name, owner, kind, ssrc, rtx: rtxOf.get(ssrc), videoType });
  }
  return [...sources.values()];
}

/** RFC 3550 §8.1; zero is what broken senders say. */
export const isSsrc = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= 0xffffffff;
