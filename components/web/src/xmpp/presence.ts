// Presence in a meeting room: XML ↔ values (client.md §7).
import { cleanName } from '../state/text';
import { parseCodecList } from '../media/codecs';
import type { VideoType } from '../media/model';
import { type Role, roleOf } from '../state/rights';
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
  role: Role;
  /** When the hand went up, in ms since 1970 as the occupant says; 0 while it is down. */
  raisedHand: number;
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
  /** Of the focus: what participants may do, in its words (state/rights). */
  policy: string;
}

/** Undefined when it is no room presence: without the room's own `<x>` nobody vouches for its sender. */
export function parsePresence(presence: Element): RoomPresence | undefined {
  const x = child(presence, 'x', NS.mucUser);
  const type = attr(presence, 'type');
  if (!x || (type !== '' && type !== 'unavailable') || child(presence, 'ignore', NS.jitmeet))
    return undefined;
  const item = child(x, 'item');
  const destroy = child(x, 'destroy');
  const id = resourceOf(attr(presence, 'from'));
  return {
    available: type === '',
    codes: children(x, 'status').map((status) => Number(attr(status, 'code'))),
    occupant: {
      id,
      name: cleanName(text(child(presence, 'nick', NS.nick))),
      realJid: item ? attr(item, 'jid') : '',
      role: item ? roleOf(attr(item, 'affiliation'), attr(item, 'role')) : 'participant',
      raisedHand: parseHand(text(child(presence, 'jitsi_participant_raisedHand'))),
      sources: parseSourceInfo(id, text(child(presence, 'SourceInfo'))),
      codecs: parseCodecList(text(child(presence, 'jitsi_participant_codecList'))),
    },
    reason: text(child(destroy ?? item ?? x, 'reason')),
    destroyed: destroy !== undefined,
    noBridge: child(presence, 'bridgeNotAvailable') !== undefined,
    policy: focusProperty(presence, 'policy'),
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

function focusProperty(presence: Element, key: string): string {
  const all = child(presence, 'conference-properties', NS.focus);
  const found = all && children(all, 'property').find((property) => attr(property, 'key') === key);
  return found ? attr(found, 'value') : '';
}

const parseHand = (said: string): number => (/^\d{1,15}$/.test(said) ? Number(said) : 0);

export interface OwnPresence {
  address: string;
  name: string;
  statsId: string;
  caps: Element;
  sources: Map<string, SourceState>;
  /** Video codecs that we play, best first. */
  codecs: readonly string[];
  raisedHand: number;
}

/** @param password of the room; a change of a presence must not look like another join. */
export function buildPresence(own: OwnPresence, joining: boolean, password = ''): Element {
  return el(
    'presence',
    { to: own.address },
    joining ? el('x', { xmlns: NS.muc }, password ? el('password', {}, password) : undefined) : undefined,
    own.caps.cloneNode(true) as Element,
    own.name ? el('nick', { xmlns: NS.nick }, own.name) : undefined,
    el('stats-id', {}, own.statsId),
    el('SourceInfo', {}, sourceInfo(own.sources)),
    el('jitsi_participant_codecList', {}, own.codecs.join(',')),
    own.raisedHand ? el('jitsi_participant_raisedHand', {}, String(own.raisedHand)) : undefined,
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
