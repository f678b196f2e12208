// The mute request (focus.md §7.1): to the focus about somebody, and from the focus to us.
import type { Device } from '../media/session';
import { NS } from './ns';
import { attr, el, namespaceOf, resourceOf, text } from './xml';

export type MuteKind = 'audio' | 'video' | 'desktop';

const NAMESPACES: Record<MuteKind, string> = {
  audio: NS.muteAudio,
  video: NS.muteVideo,
  desktop: NS.muteDesktop,
};

export const muteRequest = (kind: MuteKind, address: string, muted: boolean): Element =>
  el('mute', { xmlns: NAMESPACES[kind], jid: address }, String(muted));

/** What the focus wants muted, and on whose wish. Nobody can be switched on from afar: only `true` counts. */
export function parseMute(payload: Element): { kind: MuteKind; actor: string } | undefined {
  const found = Object.entries(NAMESPACES).find(([, xmlns]) => xmlns === namespaceOf(payload));
  if (!found || payload.localName !== 'mute' || text(payload).trim() !== 'true') return undefined;
  return { kind: found[0] as MuteKind, actor: resourceOf(attr(payload, 'actor')) };
}

export const mediaLabel = (kind: MuteKind): string =>
  ({ audio: 'microphone', video: 'camera', desktop: 'screen share' })[kind];

export const muteKind = (device: Device): MuteKind =>
  (({ microphone: 'audio', camera: 'video', screen: 'desktop' }) as const)[device];

export const mutedDevice = (kind: MuteKind): Device =>
  (({ audio: 'microphone', video: 'camera', desktop: 'screen' }) as const)[kind];
