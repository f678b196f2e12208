// What we tell about ourselves: features (focus.md §3.7), their hash in presence (XEP-0115), the disco#info answer.
import { NS } from './ns';
import { el } from './xml';

const NODE = 'urn:cloister:web';
const IDENTITY = { category: 'client', type: 'web', name: 'Cloister' };

export function features(rewritesSsrcs: boolean): string[] {
  const all = [
    'http://jabber.org/protocol/caps',
    'http://jabber.org/protocol/disco#info',
    'http://jabber.org/protocol/muc',
    'http://jitsi.org/json-encoded-sources',
    'http://jitsi.org/receive-multiple-video-streams',
    'http://jitsi.org/source-name',
    'http://jitsi.org/tcc',
    'urn:ietf:rfc:4588',
    'urn:ietf:rfc:5761',
    'urn:ietf:rfc:5888',
    'urn:xmpp:jingle:1',
    'urn:xmpp:jingle:apps:dtls:0',
    'urn:xmpp:jingle:apps:rtp:1',
    'urn:xmpp:jingle:apps:rtp:audio',
    'urn:xmpp:jingle:apps:rtp:video',
    'urn:xmpp:jingle:transports:dtls-sctp:1',
    'urn:xmpp:jingle:transports:ice-udp:1',
    'urn:xmpp:ping',
  ];
  if (rewritesSsrcs) all.push('http://jitsi.org/ssrc-rewriting-1');
  return all.sort();
}

/** XEP-0115 §5.1. */
export function verificationString(sortedFeatures: string[]): string {
  const { category, type, name } = IDENTITY;
  return `${category}/${type}//${name}<${sortedFeatures.map((feature) => `${feature}<`).join('')}`;
}

export async function capsVersion(sortedFeatures: string[]): Promise<string> {
  const bytes = new TextEncoder().encode(verificationString(sortedFeatures));
  const digest = await crypto.subtle.digest('SHA-1', bytes);
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

export const capsElement = (version: string): Element =>
  el('c', { xmlns: NS.caps, hash: 'sha-1', node: NODE, ver: version });

export const discoInfo = (sortedFeatures: string[], node: string): Element =>
  el(
    'query',
    { xmlns: NS.discoInfo, node: node || undefined },
    el('identity', IDENTITY),
    ...sortedFeatures.map((feature) => el('feature', { var: feature })),
  );
