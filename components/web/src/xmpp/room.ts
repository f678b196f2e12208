// The meeting's chat room (XEP-0045, client.md §7): joining, who is there, chat. Decides who the focus is.
import { cleanMessage } from '../state/text';
import type { XmppConnection } from './connection';
import { NS } from './ns';
import { buildPresence, type Occupant, type OwnPresence, parsePresence, type RoomPresence } from './presence';
import { parseReactions, type Reaction, reactionMessage } from './reactions';
import { parseRefusal, type Refusal } from './refusal';
import { StanzaError } from './stanza_error';
import { attr, bareJid, child, children, el, resourceOf, text } from './xml';

export const FOCUS = 'focus';

export interface RoomEvents {
  onJoined(own: Occupant): void;
  onRefused(refusal: Refusal): void;
  /** We are in, and the server did not pass a change on. */
  onChangeRefused(error: StanzaError): void;
  /** Somebody lets us in who wait in the lobby. */
  onInvited(): void;
  /** Came or changed; never oneself, never the focus. */
  onOccupant(occupant: Occupant): void;
  onOccupantGone(id: string): void;
  /** Our own role changed. */
  onOwn(own: Occupant): void;
  /** The meeting ended for us: a host removed us, with these words or none, or the room was closed. */
  onOut(how: 'removed' | 'ended', reason: string): void;
  /** The server lost our place, nobody wanted it. */
  onLost(): void;
  onFocus(present: boolean, noBridge: boolean, policy: string): void;
  onChat(line: ChatMessage): void;
  onChatRefused(error: StanzaError): void;
  onReactions(from: string, reactions: readonly Reaction[]): void;
  /** Password, lobby or lock changed. */
  onConfigChanged(): void;
  /** Words of the server to those who lead. */
  onAnnouncement(text: string): void;
}

export interface ChatMessage {
  from: string;
  body: string;
  at: Date;
  /** For us alone. */
  isPrivate: boolean;
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

  join(password: string): void {
    this.changedMeanwhile = false;
    this.xmpp.send(buildPresence({ ...this.own, address: this.address }, true, password));
  }

  /** Tells all what changed of our sources, name or hand. */
  update(change: Partial<Pick<OwnPresence, 'name' | 'sources' | 'raisedHand'>>): void {
    Object.assign(this.own, change);
    if (this.joined) this.publish();
    else this.changedMeanwhile = true;
  }

  leave(): void {
    this.joined = false;
    this.xmpp.send(el('presence', { to: this.address, type: 'unavailable' }));
  }

  /** To everybody, or to one. */
  chat(body: string, to = ''): void {
    const message = cleanMessage(body);
    const address = to ? { to: `${this.jid}/${to}`, type: 'chat' } : { to: this.jid, type: 'groupchat' };
    if (message) this.xmpp.send(el('message', address, el('body', {}, message)));
  }

  react(reaction: Reaction): void {
    this.xmpp.send(reactionMessage(this.jid, reaction));
  }

  onPresence(presence: Element): void {
    if (bareJid(attr(presence, 'from')) !== this.jid) return;
    if (attr(presence, 'type') === 'error') {
      if (this.joined) return this.events.onChangeRefused(StanzaError.from(presence));
      return this.events.onRefused(parseRefusal(presence));
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
    const from = resourceOf(attr(message, 'from'));
    if (!from) return this.onRoomMessage(message);
    const body = cleanMessage(text(child(message, 'body')));
    const isPrivate = attr(message, 'type') === 'chat';
    if (attr(message, 'type') !== 'groupchat' && !isPrivate) return;
    if (body) return this.events.onChat({ from, body, at: sentAt(message), isPrivate });
    const reactions = isPrivate ? [] : parseReactions(message);
    if (reactions.length > 0) this.events.onReactions(from, reactions);
  }

  private onRoomMessage(message: Element): void {
    const x = child(message, 'x', NS.mucUser);
    const codes = x ? children(x, 'status').map((status) => attr(status, 'code')) : [];
    if (codes.includes(CONFIG_CHANGED)) this.events.onConfigChanged();
    if (x && child(x, 'invite')) this.events.onInvited();
    const words = cleanMessage(text(child(message, 'body')));
    if (words && !x) this.events.onAnnouncement(words);
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
    if (presence.destroyed) this.events.onOut('ended', cleanMessage(presence.reason));
    else if (isRemoval(presence)) this.events.onOut('removed', cleanMessage(presence.reason));
    else this.events.onLost();
  }

  private onFocusPresence(presence: RoomPresence): void {
    const genuine = presence.occupant.realJid.startsWith(`${this.focusJid}/`);
    this.focusPresent = presence.available && genuine;
    this.events.onFocus(this.focusPresent, presence.noBridge, this.focusPresent ? presence.policy : '');
  }
}

/** XEP-0045 §10.2.1. */
const CONFIG_CHANGED = '104';
/** XEP-0045 §15.6: banned, kicked, no longer a member, members only. */
const REMOVALS = [301, 307, 321, 322];
/** An error of the connection, and a server that shuts down: they come with a kick's code, too. */
const ACCIDENTS = [332, 333];

const isRemoval = ({ codes }: RoomPresence): boolean =>
  codes.some((code) => REMOVALS.includes(code)) && !codes.some((code) => ACCIDENTS.includes(code));

function sentAt(message: Element): Date {
  const stamp = child(message, 'delay', NS.delay);
  const sent = stamp ? new Date(attr(stamp, 'stamp')) : new Date();
  return Number.isNaN(sent.getTime()) ? new Date() : sent;
}
