// Presence in a meeting room: XML ↔ values (client.md §7).
import { cleanName } from '../state/text';
import { parseCodecList } from '../media/codecs';
import type { VideoType } from '../media/model';
import { NS } from './ns';
import { attr, child, children, el, resourceOf, text } from './xml';

export interface SourceState {
  muted: boolean;
  videoType: VideoType;
}

export interface Occupant {
  id: string;
  name: string;
  realJid: string;
  moderator: boolean;
  /** By source name; only names that begin with the occupant's own id are believed. */
  sources: Map<string, SourceState>;
  /** Video codecs that the occupant plays, in lower case. */
  codecs: string[];
}

export interface RoomPresence {
  available: boolean;
  /** Status codes of XEP-0045 §15.6. */
  codes: number[];
  occupant: Occupant;
  /** Words of a moderator who removed somebody. */
  reason: string;
  destroyed: boolean;
  /** Present in the focus's presence while it finds no bridge. */
  noBridge: boolean;
}

/** Undefined when it is no room presence: without the room's own `<x>` nobody vouches for its sender. */
export function parsePresence(presence: Element): RoomPresence | undefined {
  const x = child(presence, 'x', NS.mucUser);
  const type = attr(presence, 'type');
  if (!x || (type !== '' && type !== 'unavailable') || child(presence, 'ignore', NS.jitmeet))
    return undefined;
  const item = child(x, 'item');
  const id = resourceOf(attr(presence, 'from'));
  return {
    available: type === '',
    codes: children(x, 'status').map((status) => Number(attr(status, 'code'))),
    occupant: {
      id,
      name: cleanName(text(child(presence, 'nick', NS.nick))),
      realJid: item ? attr(item, 'jid') : '',
      moderator: item ? attr(item, 'role') === 'moderator' : false,
      sources: parseSourceInfo(id, text(child(presence, 'SourceInfo'))),
      codecs: parseCodecList(text(child(presence, 'jitsi_participant_codecList'))),
    },
    reason: item ? text(child(item, 'reason')) : '',
    destroyed: child(x, 'destroy') !== undefined,
    noBridge: child(presence, 'bridgeNotAvailable') !== undefined,
  };
}

export function parseSourceInfo(id: string, json: string): Map<string, SourceState> {
  const sources = new Map<string, SourceState>();
  let info: unknown;
  try {
    info = JSON.parse(json || '{}');
  } catch {
    return sources;
  }
  if (typeof info !== 'object' || info === null) return sources;
  for (const [name, state] of Object.entries(
    info as Record<string, { muted?: unknown; videoType?: unknown } | null>,
  )) {
    if (!name.startsWith(`${id}-`)) continue;
    const videoType = String(state?.videoType ?? '').startsWith('desktop') ? 'desktop' : 'camera';
    sources.set(name, { muted: state?.muted !== false, videoType });
  }
  return sources;
}

export interface OwnPresence {
  address: string;
  name: string;
  statsId: string;
  caps: Element;
  sources: Map<string, SourceState>;
  /** Video codecs that we play, best first. */
  codecs: readonly string[];
}

export function buildPresence(own: OwnPresence, joining: boolean): Element {
  return el(
    'presence',
    { to: own.address },
    joining ? el('x', { xmlns: NS.muc }) : undefined,
    own.caps.cloneNode(true) as Element,
    own.name ? el('nick', { xmlns: NS.nick }, own.name) : undefined,
    el('stats-id', {}, own.statsId),
    el('SourceInfo', {}, sourceInfo(own.sources)),
    el('jitsi_participant_codecList', {}, own.codecs.join(',')),
  );
}

const sourceInfo = (sources: Map<string, SourceState>): string =>
  JSON.stringify(
    Object.fromEntries(
      [...sources].map(([name, { muted, videoType }]) => [
        name,
        videoType === 'desktop' ? { muted, videoType } : { muted },
      ]),
    ),
  );
