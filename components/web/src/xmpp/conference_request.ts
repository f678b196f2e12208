// Asks the focus to open the meeting before we enter it (focus.md §2): over HTTP where the server names an address,
// over XMPP otherwise.
import { NS } from './ns';
import type { XmppConnection } from './connection';
import type { StanzaError } from './stanza_error';
import { attr, child, el } from './xml';

export interface ConferenceAnswer {
  ready: boolean;
  /** Bare address of the focus; only an occupant with it is believed. */
  focusJid: string;
}

/** Only a host may open the meeting, and none has yet. */
export class HostNeeded extends Error {}

/** A refusal that another try will not change. */
export class ConferenceRefused extends Error {}

const HTTP_TIMEOUT_MS = 10_000;
const XMPP_TIMEOUT_MS = 65_000;

/** Ties sessions of one page together on the server; made anew for each page, so it follows nobody. */
const machineUid = crypto.randomUUID().replaceAll('-', '');

/** How a meeting is to begin, if it is this request that opens it. */
export type Properties = Readonly<Record<string, string>>;

export async function requestByHttp(
  url: string,
  room: string,
  roomJid: string,
  properties: Properties,
): Promise<ConferenceAnswer> {
  const address = new URL(url, location.href);
  address.searchParams.set('room', room);
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ room: roomJid, machineUid, properties }),
    signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
    referrerPolicy: 'no-referrer',
  });
  if (response.status === 403) throw new HostNeeded();
  // 5xx: the focus is starting, or about to be back.
  if (response.status >= 500) return { ready: false, focusJid: '' };
  if (!response.ok) throw new ConferenceRefused('The server refused to open this meeting.');
  const answer = (await response.json()) as { ready?: unknown; focusJid?: unknown };
  return { ready: answer.ready === true, focusJid: String(answer.focusJid ?? '') };
}

export async function requestByXmpp(
  xmpp: XmppConnection,
  focus: string,
  roomJid: string,
  properties: Properties,
): Promise<ConferenceAnswer> {
  const payload = el(
    'conference',
    { xmlns: NS.focus, room: roomJid, 'machine-uid': machineUid },
    ...Object.entries(properties).map(([name, value]) => el('property', { name, value })),
  );
  const answer = await xmpp.request('set', focus, payload, XMPP_TIMEOUT_MS).catch((error: StanzaError) => {
    throw error.condition === 'not-authorized' ? new HostNeeded() : error;
  });
  const result = child(answer, 'conference', NS.focus);
  return {
    ready: result !== undefined && attr(result, 'ready') === 'true',
    focusJid: result ? attr(result, 'focusjid') : '',
  };
}
