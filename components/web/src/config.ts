// The server's settings, in the form that Jitsi's pages read: a script `/config.js` that sets `var config`.

export interface Config {
  hosts: { domain: string; anonymousdomain?: string; muc: string; focus?: string };
  websocket?: string;
  bosh?: string;
  conferenceRequestUrl?: string;
  focusUserJid?: string;
  bridgeChannel?: { preferSctp?: boolean };
  flags?: { ssrcRewritingEnabled?: boolean };
  /** Video codecs to send, best first; VP8 where nothing is said. */
  videoQuality?: { codecPreferenceOrder?: string[] };
  /** Height of the camera picture to ask for. */
  resolution?: number;
  /** Whether the server lets a broken WebSocket take up its old session (client.md §4). */
  enableWebsocketResume?: boolean;
  startWithAudioMuted?: boolean;
  startWithVideoMuted?: boolean;
  testing?: { expose?: boolean };
}

declare global {
  var config: Config | undefined;
}

/** The settings, or a sentence that says what is missing. */
export function readConfig(found: Config | undefined): Config | string {
  if (!found?.hosts?.domain || !found.hosts.muc) return 'This server has no usable configuration.';
  if (!found.websocket && !found.bosh) return 'This server names no address for messages.';
  return found;
}

/** The room that a path names: its last part, lower-cased; '' where there is none. */
export function roomFromPath(path: string): string {
  const last = path.split('/').filter(Boolean).pop() ?? '';
  let decoded: string;
  try {
    decoded = decodeURIComponent(last);
  } catch {
    return '';
  }
  return roomName(decoded);
}

/** A typed room name as part of an address: what XMPP forbids in a node goes (RFC 7622 §3.3), spaces join. */
export function roomName(typed: string): string {
  return typed
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/["&'/:<>@\p{C}]/gu, '')
    .slice(0, 100);
}

/** The codecs that somebody would like to send, best first: `?codec=` of the page's address before the settings. */
export function wishedCodecs(config: Config, query: string): string[] {
  const asked = new URLSearchParams(query).get('codec');
  return [...(asked ? [asked] : []), ...(config.videoQuality?.codecPreferenceOrder ?? [])];
}

export const guestDomain = (config: Config): string => config.hosts.anonymousdomain ?? config.hosts.domain;
export const focusAddress = (config: Config): string => config.hosts.focus ?? `focus.${config.hosts.domain}`;
export const rewritesSsrcs = (config: Config): boolean => config.flags?.ssrcRewritingEnabled ?? true;
