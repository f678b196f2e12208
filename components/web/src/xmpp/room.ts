// The meeting's chat room (XEP-0045, client.md §7): joining, who is there, chat. Decides who the focus is.
import { cleanMessage } from '../state/text';
import type { XmppConnection } from './connection';
import { NS } from './ns';
import { buildPresence, type Occupant, type OwnPresence, parsePresence, type RoomPresence } from './presence';
import { StanzaError } from './stanza_error';
import { attr, bareJid, child, el, resourceOf, text } from './xml';

export const FOCUS = 'focus';

export interface RoomEvents {
  onJoined(own: Occupant): void;
  onRefused(error: StanzaError): void;
  /** Came or changed; never oneself, never the focus. */
  onOccupant(occupant: Occupant): void;
  onOccupantGone(id: string): void;
  /** Our own role changed. */
  onOwn(own: Occupant): void;
  /** The meeting ended for us: a moderator removed us, or the room was closed. */
  onRemoved(reason: string): void;
  /** The server lost our place, nobody wanted it. */
  onLost(): void;
  onFocus(present: boolean, noBridge: boolean): void;
  onChat(from: string, body: string, at: Date): void;
  onChatRefused(error: StanzaError): void;
}

export class Room {
  private joined = false;
  /** Something changed after the join was sent and before it was answered. */
  private changedMeanwhile = false;
  private focusPresent = false;

  constructor(
    private readonly xmpp: XmppConnection,
    /** Bare address. */
    readonly jid: string,
    private readonly focusJid: string,
    private readonly own: Omit<OwnPresence, 'address'> & { id: string },
    private readonly events: RoomEvents,
  ) {}

  get address(): string {
    return `${this.jid}/${this.own.id}`;
  }

  get focusAddress(): string {
    return `${this.jid}/${FOCUS}`;
  }

  get hasFocus(): boolean {
    return this.focusPresent;
  }

  /** Whether a stanza comes from the focus, and that occupant really is it. */
  isFromFocus(stanza: Element): boolean {
    return this.focusPresent && attr(stanza, 'from') === this.focusAddress;
  }

  join(): void {
    this.changedMeanwhile = false;
    this.xmpp.send(buildPresence({ ...this.own, address: this.address }, true));
  }

  /** Tells all what changed of our sources or name. */
  update(change: Partial<Pick<OwnPresence, 'name' | 'sources'>>): void {
    Object.assign(this.own, change);
    if (this.joined) this.publish();
    else this.changedMeanwhile = true;
  }

  leave(): void {
    this.joined = false;
    this.xmpp.send(el('presence', { to: this.address, type: 'unavailable' }));
  }

  chat(body: string): void {
    const message = cleanMessage(body);
    if (message) this.xmpp.send(el('message', { to: this.jid, type: 'groupchat' }, el('body', {}, message)));
  }

  onPresence(presence: Element): void {
    if (bareJid(attr(presence, 'from')) !== this.jid) return;
    if (attr(presence, 'type') === 'error') {
      if (!this.joined) this.events.onRefused(StanzaError.from(presence));
      return;
    }
    const parsed = parsePresence(presence);
    if (!parsed) return;
    if (parsed.occupant.id === this.own.id) this.onOwnPresence(parsed);
    else if (parsed.occupant.id === FOCUS) this.onFocusPresence(parsed);
    else if (parsed.available) this.events.onOccupant(parsed.occupant);
    else this.events.onOccupantGone(parsed.occupant.id);
  }

  onMessage(message: Element): void {
    if (bareJid(attr(message, 'from')) !== this.jid) return;
    if (attr(message, 'type') === 'error') return this.events.onChatRefused(StanzaError.from(message));
    const body = cleanMessage(text(child(message, 'body')));
    const from = resourceOf(attr(message, 'from'));
    if (attr(message, 'type') !== 'groupchat' || !body || !from) return;
    const stamp = child(message, 'delay', NS.delay);
    const sent = stamp ? new Date(attr(stamp, 'stamp')) : new Date();
    this.events.onChat(from, body, Number.isNaN(sent.getTime()) ? new Date() : sent);
  }

  private publish(): void {
    this.xmpp.send(buildPresence({ ...this.own, address: this.address }, false));
  }

  private onOwnPresence(presence: RoomPresence): void {
    if (!presence.available) {
      if (this.joined) this.onGone(presence);
    } else if (this.joined) {
      this.events.onOwn(presence.occupant);
    } else {
      this.joined = true;
      if (this.changedMeanwhile) this.publish();
      this.events.onJoined(presence.occupant);
    }
  }

  private onGone(presence: RoomPresence): void {
    this.joined = false;
    const reason = removal(presence);
    if (reason) this.events.onRemoved(reason);
    else this.events.onLost();
  }

  private onFocusPresence(presence: RoomPresence): void {
    const genuine = presence.occupant.realJid.startsWith(`${this.focusJid}/`);
    this.focusPresent = presence.available && genuine;
    this.events.onFocus(this.focusPresent, presence.noBridge);
  }
}

/** XEP-0045 §15.6: banned, kicked, no longer a member, members only. */
const REMOVALS = [301, 307, 321, 322];
/** An error of the connection, and a server that shuts down: they come with a kick's code, too. */
const ACCIDENTS = [332, 333];

/** Why somebody wanted us out; '' if nobody did. */
function removal({ codes, destroyed, reason }: RoomPresence): string {
  if (destroyed) return 'The meeting has ended.';
  if (codes.some((code) => ACCIDENTS.includes(code)) || !codes.some((code) => REMOVALS.includes(code)))
    return '';
  return reason ? `A moderator removed you: ${cleanMessage(reason)}` : 'A moderator removed you.';
}
