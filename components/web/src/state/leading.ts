// What hosts and co-hosts do in the meeting. Each is a request: the server decides, and its refusal is told in words.
import type { Knocker } from '../xmpp/lobby_room';
import { type MuteKind, muteRequest } from '../xmpp/mute';
import type { Room } from '../xmpp/room';
import * as admin from '../xmpp/room_admin';
import type { StanzaError } from '../xmpp/stanza_error';
import { bareJid } from '../xmpp/xml';
import { microphoneName } from '../media/model';
import type { Call } from './call';
import type { Preset } from './presets';
import { type Policy, leads } from './rights';

const REFUSED = ['not-allowed', 'forbidden', 'not-authorized'];

export class Leading {
  constructor(private readonly call: Call) {}

  /** Asks the focus to silence somebody. */
  mute(id: string, kind: MuteKind): Promise<boolean> {
    return this.ask(`${this.store.nameOf(id)} could not be muted.`, (room) =>
      this.call.ask(room.focusAddress, muteRequest(kind, `${room.jid}/${id}`, true)),
    );
  }

  /** Everybody but those who lead. */
  async muteAll(): Promise<void> {
    const loud = [...this.store.participants.value.values()].filter(
      ({ id, role, sources }) => !leads(role) && sources.get(microphoneName(id))?.muted === false,
    );
    const muted = await Promise.all(loud.map(({ id }) => this.mute(id, 'audio')));
    if (muted.every(Boolean)) this.store.notify('Everybody is muted.');
  }

  /** For the life of the meeting: the server keeps whom it removes out. */
  remove(id: string): Promise<boolean> {
    const name = this.store.nameOf(id);
    return this.ask(`${name} could not be removed.`, (room) =>
      this.call.ask(room.jid, admin.removal(id, '')),
    );
  }

  setCohost(id: string, cohost: boolean): Promise<boolean> {
    const person = this.store.participants.value.get(id);
    return this.ask('The role could not be changed.', async (room) => {
      if (!person?.realJid) throw new Error('whoever it is has left');
      await this.call.ask(room.jid, admin.affiliation(bareJid(person.realJid), cohost ? 'admin' : 'member'));
    });
  }

  setViewer(id: string, viewer: boolean): Promise<boolean> {
    return this.ask('The role could not be changed.', (room) =>
      this.call.ask(room.jid, admin.voice(id, !viewer)),
    );
  }

  admit(knockers: readonly Knocker[]): void {
    const { room } = this.call;
    if (room && knockers.length > 0)
      this.call.send(
        admin.admission(
          room.jid,
          knockers.map(({ realJid }) => realJid),
        ),
      );
  }

  deny(knocker: Knocker): Promise<boolean> {
    return this.ask('The lobby did not listen.', () =>
      this.call.ask(this.store.roomInfo.value.lobbyRoom, admin.removal(knocker.id, '')),
    );
  }

  setLobby(on: boolean): Promise<boolean> {
    return this.ask('The lobby could not be changed.', (room) =>
      this.call.ask(room.jid, admin.lobbyConfig(on)),
    );
  }

  /** '' takes it away. */
  setPassword(password: string): Promise<boolean> {
    return this.ask('The password could not be changed.', (room) =>
      this.call.ask(room.jid, admin.passwordConfig(password)),
    );
  }

  /** What is not named stays as it is. */
  setPolicy(policy: Partial<Policy>): void {
    const { roomMetadata } = this.store.services.value;
    const { room } = this.call;
    if (room && roomMetadata) this.call.send(admin.metadata(roomMetadata, room.jid, 'policy', policy));
  }

  /** Nobody switches this on any more whom nobody allows it. */
  moderate(kind: MuteKind, on: boolean): void {
    const { avModeration } = this.store.services.value;
    if (avModeration) this.call.send(admin.moderate(avModeration, kind, on));
  }

  allow(id: string, kind: MuteKind, allowed: boolean): void {
    const { avModeration } = this.store.services.value;
    const { room } = this.call;
    if (room && avModeration) this.call.send(admin.allow(avModeration, kind, `${room.jid}/${id}`, allowed));
  }

  isAllowed(id: string, kind: MuteKind): boolean {
    return this.store.allowed.value.get(kind)?.has(id) === true;
  }

  /** @param keepLobby where a name could be guessed, the lobby stays. */
  async apply(preset: Preset, keepLobby: boolean): Promise<void> {
    if (this.store.services.value.lobby) await this.setLobby(preset.lobby || keepLobby);
    this.setPolicy(preset.policy);
    this.moderate('audio', preset.moderated);
  }

  endForAll(): void {
    const { endConference } = this.store.services.value;
    if (endConference) this.call.send(admin.endConference(endConference));
  }

  private get store() {
    return this.call.store;
  }

  /** Whether it was done; a refusal, or a server that does not answer, is told. */
  private async ask(failed: string, request: (room: Room) => Promise<unknown>): Promise<boolean> {
    const { room } = this.call;
    if (!room) return false;
    try {
      await request(room);
      return true;
    } catch (error) {
      const refused = REFUSED.includes((error as StanzaError).condition);
      this.store.notify(refused ? 'The server does not allow you to do that.' : failed);
      return false;
    }
  }
}
