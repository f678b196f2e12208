// Between outside and inside: why the room does not let us in, where we wait, and what lets us in at last. For those who
// lead the meeting, the other side of the same door: who waits in the lobby.
import { type Knocker, LobbyRoom } from '../xmpp/lobby_room';
import type { Refusal } from '../xmpp/refusal';
import type { XmppConnection } from '../xmpp/connection';
import { roomInfo } from '../xmpp/services';
import type { Leading } from './leading';
import { isReadable } from './meeting_link';
import { describeRefusal, mayPass } from './refusals';
import { leads } from './rights';
import type { Store } from './store';

/** How often a guest asks whether a host has opened the meeting. */
const HOST_POLL_MS = 4000;
/** How often the room may refuse us for a reason that may pass. */
const REFUSALS = 4;

export interface ThresholdPort {
  readonly roomName: string;
  readonly roomJid: string;
  readonly store: Store;
  readonly leading: Leading;
  /** Tries to enter, after a while: `pause` in ms, or with the usual back-off. */
  retry(pause?: number): void;
  /** Tries now. */
  enter(): void;
  end(phase: 'before' | 'removed' | 'ended' | 'failed', why: string): void;
}

export class Threshold {
  password = '';
  /** We wait in it, or sit at its door. */
  private lobby: LobbyRoom | undefined;
  private refusals = 0;

  constructor(private readonly port: ThresholdPort) {}

  /** An attempt begins anew: nobody sits anywhere. */
  reset(): void {
    this.lobby = undefined;
  }

  leave(): void {
    this.lobby?.leave();
    this.lobby = undefined;
  }

  rename(name: string): void {
    this.lobby?.rename(name);
  }

  onPresence(presence: Element): void {
    this.lobby?.onPresence(presence);
  }

  onRefused({ error, lobby, noHost, nameWanted }: Refusal, xmpp: XmppConnection): void {
    const { port } = this;
    if (lobby) return this.waitInLobby(xmpp, lobby, noHost);
    if (noHost) return this.waitForHost();
    if (nameWanted) return port.end('before', 'This meeting asks for a name.');
    if (error.condition === 'not-authorized') return this.askPassword();
    if (error.condition === 'forbidden') return port.end('removed', '');
    if (mayPass(error) && ++this.refusals <= REFUSALS) port.retry();
    else port.end('failed', describeRefusal(error));
  }

  waitForHost(): void {
    const { store } = this.port;
    store.phase.value = 'waiting';
    store.trouble.value = '';
    this.port.retry(HOST_POLL_MS);
  }

  /** Somebody lets us in, or the door stands open. */
  onAdmitted(): void {
    const { store } = this.port;
    if (store.phase.value !== 'knocking' && store.phase.value !== 'waiting') return;
    this.leave();
    store.phase.value = 'connecting';
    this.port.enter();
  }

  onJoined(): void {
    this.refusals = 0;
  }

  /** Inside: whether there is a password and a lobby; who leads sits at its door. */
  async readRoom(xmpp: XmppConnection, isCurrent: () => boolean): Promise<void> {
    const { store, roomName, roomJid, leading } = this.port;
    const info = await roomInfo(xmpp, roomJid).catch(() => undefined);
    if (!info || !isCurrent()) return;
    store.roomInfo.value = info;
    const guessable = isReadable(roomName) && store.services.value.lobby !== undefined;
    if (guessable && !info.membersOnly && store.role.value === 'host') void leading.setLobby(true);
    // Where somebody was removed, newcomers may have to wait though the lobby is off.
    const wanted = leads(store.role.value) ? info.lobbyRoom : '';
    if ((this.lobby?.jid ?? '') === wanted) return;
    this.leave();
    store.inLobby.value = [];
    if (wanted) this.watchDoor(xmpp, wanted);
  }

  private askPassword(): void {
    const { store } = this.port;
    store.failure.value = this.password ? 'That is not the password.' : '';
    store.phase.value = 'password';
  }

  private waitInLobby(xmpp: XmppConnection, jid: string, noHost: boolean): void {
    const { store, end, retry } = this.port;
    store.trouble.value = '';
    store.phase.value = noHost ? 'waiting' : 'knocking';
    this.lobby = new LobbyRoom(xmpp, jid, this.self, {
      onKnocker: () => undefined,
      onKnockerGone: () => undefined,
      onDenied: () => end('failed', 'A host did not let you in.'),
      onClosed: (open) => (open ? this.onAdmitted() : end('ended', '')),
      onRefused: () => retry(),
    });
    this.lobby.join();
  }

  private watchDoor(xmpp: XmppConnection, jid: string): void {
    const { store } = this.port;
    this.lobby = new LobbyRoom(xmpp, jid, this.self, {
      onKnocker: (knocker) => this.onKnocker(knocker),
      onKnockerGone: (id) => this.dropKnocker(id),
      onDenied: () => undefined,
      onClosed: () => {
        store.inLobby.value = [];
      },
      onRefused: () => undefined,
    });
    this.lobby.join();
  }

  private onKnocker(knocker: Knocker): void {
    const { store } = this.port;
    const before = store.inLobby.value;
    const isNew = !before.some(({ id }) => id === knocker.id);
    store.inLobby.value = isNew
      ? [...before, knocker]
      : before.map((each) => (each.id === knocker.id ? knocker : each));
    if (isNew && store.knockers.value.includes(knocker))
      store.notify(`${knocker.name || 'Somebody'} waits in the lobby.`);
  }

  private dropKnocker(id: string): void {
    const { store } = this.port;
    store.inLobby.value = store.inLobby.value.filter((knocker) => knocker.id !== id);
  }

  private get self(): { id: string; name: string } {
    const { store } = this.port;
    return { id: store.ownId.value, name: store.ownName.value };
  }
}
