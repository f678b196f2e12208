// The room where people wait until somebody lets them in (client.md §17). Who waits sees nobody there; who leads the
// meeting sees all who wait.
import type { XmppConnection } from './connection';
import { NS } from './ns';
import { parsePresence, type RoomPresence } from './presence';
import { StanzaError } from './stanza_error';
import { attr, bareJid, child, el } from './xml';

export interface Knocker {
  id: string;
  name: string;
  realJid: string;
}

export interface LobbyEvents {
  onKnocker(knocker: Knocker): void;
  onKnockerGone(id: string): void;
  /** Somebody who leads the meeting does not let us in. */
  onDenied(): void;
  /** The lobby is over: the meeting is open to all, or has ended. */
  onClosed(open: boolean): void;
  onRefused(error: StanzaError): void;
}

export class LobbyRoom {
  private inside = false;

  constructor(
    private readonly xmpp: XmppConnection,
    /** Bare address. */
    readonly jid: string,
    private readonly own: { id: string; name: string },
    private readonly events: LobbyEvents,
  ) {}

  join(): void {
    this.send(el('x', { xmlns: NS.muc }));
  }

  rename(name: string): void {
    this.own.name = name;
    if (this.inside) this.send();
  }

  leave(): void {
    this.inside = false;
    this.xmpp.send(el('presence', { to: this.address, type: 'unavailable' }));
  }

  onPresence(presence: Element): void {
    if (bareJid(attr(presence, 'from')) !== this.jid) return;
    if (attr(presence, 'type') === 'error') {
      if (!this.inside) this.events.onRefused(StanzaError.from(presence));
      return;
    }
    const parsed = parsePresence(presence);
    if (!parsed) return;
    const { id, name, realJid } = parsed.occupant;
    if (id === this.own.id) this.onOwnPresence(parsed, presence);
    else if (parsed.available) this.events.onKnocker({ id, name, realJid });
    else this.events.onKnockerGone(id);
  }

  private get address(): string {
    return `${this.jid}/${this.own.id}`;
  }

  private send(x?: Element): void {
    const { name } = this.own;
    this.xmpp.send(
      el('presence', { to: this.address }, x, name ? el('nick', { xmlns: NS.nick }, name) : undefined),
    );
  }

  private onOwnPresence(parsed: RoomPresence, presence: Element): void {
    if (parsed.available) this.inside = true;
    else if (parsed.destroyed) {
      const destroy = child(child(presence, 'x', NS.mucUser) ?? presence, 'destroy');
      this.events.onClosed(destroy !== undefined && attr(destroy, 'jid') !== '');
    } else if (this.inside && parsed.codes.includes(307)) {
      this.events.onDenied();
    }
  }
}
