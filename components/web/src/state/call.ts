// One person's call from the join button to the leave button: connects, asks for the conference, enters the room, hands
// offers to the media link, and starts over when a part of this breaks.
import { type Config, focusAddress, guestDomain, rewritesSsrcs, wishedCodecs } from '../config';
import { codecOrder, playableCodecs, type VideoCodec } from '../media/codecs';
import { endpointId } from '../media/model';
import type { Device } from '../media/session';
import { capsElement, capsVersion, features } from '../xmpp/caps';
import {
  type ConferenceAnswer,
  ConferenceRefused,
  requestByHttp,
  requestByXmpp,
} from '../xmpp/conference_request';
import { XmppConnection } from '../xmpp/connection';
import { mediaLabel, mutedDevice, type MuteKind, muteRequest } from '../xmpp/mute';
import type { Occupant } from '../xmpp/presence';
import { Room } from '../xmpp/room';
import type { StanzaError } from '../xmpp/stanza_error';
import type { LocalMedia } from './local_media';
import { MediaLink } from './media_link';
import { describeRefusal, mayPass } from './refusals';
import { answerRequest } from './requests';
import type { Store } from './store';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 8000;
/** How often the room may refuse us for a reason that may pass. */
const REFUSALS = 4;

export class Call {
  room: Room | undefined;
  media: MediaLink | undefined;
  private xmpp: XmppConnection | undefined;
  private early: Promise<ConferenceAnswer> | undefined;
  /** Counts attempts to enter; what belongs to an older one stops by itself. */
  private attempt = 0;
  private pause = FIRST_RETRY_MS;
  private refusals = 0;
  private readonly features: string[];
  private readonly codecs: readonly VideoCodec[];
  private readonly mutedByOthers = new Map<Device, MuteKind>();

  constructor(
    private readonly config: Config,
    readonly roomName: string,
    readonly store: Store,
    readonly local: LocalMedia,
  ) {
    this.features = features(rewritesSsrcs(config));
    this.codecs = codecOrder(wishedCodecs(config, location.search), playableCodecs());
    local.onChange = (device, track) => void this.onLocalChange(device, track);
  }

  join(name: string): void {
    this.store.ownName.value = name;
    this.store.failure.value = '';
    this.store.trouble.value = '';
    this.store.phase.value = 'connecting';
    this.pause = FIRST_RETRY_MS;
    // The two need not wait for each other; both are needed before the room.
    this.early = this.requestOverHttp();
    const { websocket, bosh, enableWebsocketResume } = this.config;
    this.xmpp = new XmppConnection(
      {
        service: websocket ?? bosh ?? '',
        room: this.roomName,
        login: guestDomain(this.config),
        resume: websocket !== undefined && enableWebsocketResume !== false,
      },
      {
        onOnline: (resumed) => (resumed ? this.onResumed() : this.onNewSession()),
        onOffline: () => this.setReconnecting(),
        onUnreachable: () => (this.store.trouble.value = 'The server does not answer. Trying again…'),
        onPresence: (presence) => this.room?.onPresence(presence),
        onMessage: (message) => this.room?.onMessage(message),
        onRequest: (iq, payload) => answerRequest(this, this.features, iq, payload),
      },
    );
    this.xmpp.connect();
  }

  leave(): void {
    this.end('left', '');
  }

  sendChat(body: string): void {
    this.room?.chat(body);
  }

  /** Asks the focus to silence somebody; it decides whether we may. */
  async mute(id: string, kind: MuteKind): Promise<void> {
    const { room, xmpp } = this;
    if (!room || !xmpp) return;
    try {
      await xmpp.request('set', room.focusAddress, muteRequest(kind, `${room.jid}/${id}`, true));
    } catch (error) {
      const refused = (error as StanzaError).condition === 'not-allowed';
      this.store.notify(
        refused ? 'Only moderators can mute others.' : `Muting ${this.store.nameOf(id)} failed.`,
      );
    }
  }

  /** The focus passes a moderator's wish on. We obey; switching on again is ours to decide. */
  onMutedByModerator(kind: MuteKind, actor: string): void {
    const device = mutedDevice(kind);
    if (!this.local.isOn(device)) return;
    this.local.turnOff(device);
    this.mutedByOthers.set(device, kind);
    this.store.notify(
      `${actor ? this.store.nameOf(actor) : 'A moderator'} turned off your ${mediaLabel(kind)}.`,
    );
  }

  private requestOverHttp(): Promise<ConferenceAnswer> | undefined {
    const url = this.config.conferenceRequestUrl;
    if (!url) return undefined;
    const request = requestByHttp(url, this.roomName, this.roomJid);
    request.catch(() => undefined);
    return request;
  }

  private get roomJid(): string {
    return `${this.roomName}@${this.config.hosts.muc}`;
  }

  /** A new session on the server: everything from the conference request on. */
  private async enter(): Promise<void> {
    const attempt = ++this.attempt;
    this.media?.abandon();
    this.room = undefined;
    this.store.clearRoom();
    try {
      const answer = await this.request();
      if (attempt !== this.attempt || !this.xmpp) return;
      const focusJid = answer.focusJid || this.config.focusUserJid || '';
      if (answer.ready) return await this.enterRoom(this.xmpp, focusJid);
      this.store.trouble.value = 'The meeting is not open yet. Trying again…';
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof ConferenceRefused) return this.end('failed', error.message);
      this.store.trouble.value = 'The meeting server does not answer. Trying again…';
    }
    this.retry(attempt);
  }

  private request(): Promise<ConferenceAnswer> {
    const early = this.early ?? this.requestOverHttp();
    this.early = undefined;
    if (early) return early;
    return this.xmpp
      ? requestByXmpp(this.xmpp, focusAddress(this.config), this.roomJid)
      : Promise.resolve({ ready: false, focusJid: '' });
  }

  private retry(attempt: number): void {
    const pause = this.pause * (0.75 + Math.random() / 2);
    setTimeout(() => attempt === this.attempt && void this.enter(), pause);
    this.pause = Math.min(this.pause * 2, LONGEST_RETRY_MS);
  }

  private async enterRoom(xmpp: XmppConnection, focusJid: string): Promise<void> {
    const attempt = this.attempt;
    const caps = capsElement(await capsVersion(this.features));
    if (attempt !== this.attempt) return;
    const id = endpointId(xmpp.jid);
    this.store.ownId.value = id;
    const own = {
      id,
      name: this.store.ownName.value,
      statsId: id,
      caps,
      sources: this.local.sources(id),
      codecs: this.codecs,
    };
    this.room = new Room(xmpp, this.roomJid, focusJid, own, {
      onJoined: (occupant) => this.onJoined(occupant),
      onOwn: (occupant) => (this.store.moderator.value = occupant.moderator),
      onRefused: (error) => this.onRefused(error),
      onRemoved: (reason) => this.end('failed', reason),
      onLost: () => this.startOver(),
      onOccupant: (occupant) => this.store.putParticipant(occupant),
      onOccupantGone: (gone) => this.onGone(gone),
      onFocus: (present, noBridge) => this.onFocus(present, noBridge),
      onChat: (from, body, at) => this.onChat(from, body, at),
      onChatRefused: (error) => this.store.notify(error.explanation || 'Your message was not delivered.'),
    });
    this.media = this.newMediaLink(xmpp, this.room, id);
    this.room.join();
  }

  private newMediaLink(xmpp: XmppConnection, room: Room, id: string): MediaLink {
    return new MediaLink(this.store, {
      endpoint: id,
      responder: xmpp.jid,
      codecs: this.codecs,
      preferSctp: this.config.bridgeChannel?.preferSctp !== false,
      sendJingle: (jingle) => xmpp.request('set', room.focusAddress, jingle),
      ping: () => xmpp.ping(),
      onHopeless: () => this.startOver(),
    });
  }

  private onJoined(own: Occupant): void {
    // The focus left while we came: nobody would ever offer us media.
    if (!this.room?.hasFocus) return this.startOver();
    this.refusals = 0;
    this.store.trouble.value = '';
    this.pause = FIRST_RETRY_MS;
    this.store.moderator.value = own.moderator;
    this.store.phase.value = 'joined';
  }

  private onNewSession(): void {
    this.pause = FIRST_RETRY_MS;
    void this.enter();
  }

  private onResumed(): void {
    this.room?.update({ sources: this.local.sources(this.store.ownId.value) });
    this.store.trouble.value = '';
    if (this.room && this.store.phase.value === 'reconnecting') this.store.phase.value = 'joined';
    if (!this.room) void this.enter();
  }

  private onRefused(error: StanzaError): void {
    if (mayPass(error) && ++this.refusals <= REFUSALS) this.retry(this.attempt);
    else this.end('failed', describeRefusal(error));
  }

  private onGone(id: string): void {
    this.store.dropParticipant(id);
    this.media?.participantLeft(id);
  }

  /** Without the focus there is no meeting: it went away or restarts, so we ask for the conference again. */
  private onFocus(present: boolean, noBridge: boolean): void {
    this.store.noBridge.value = noBridge;
    if (!present && this.store.phase.value === 'joined') this.startOver();
  }

  private startOver(): void {
    this.setReconnecting();
    this.media?.close();
    this.room?.leave();
    this.room = undefined;
    this.retry(++this.attempt);
  }

  private setReconnecting(): void {
    if (this.store.phase.value === 'joined') this.store.phase.value = 'reconnecting';
  }

  private onChat(from: string, body: string, at: Date): void {
    const own = from === this.store.ownId.value;
    const name = own ? this.store.ownName.value || 'You' : this.store.nameOf(from);
    this.store.addChat({ from, name, own, body, at });
  }

  private async onLocalChange(device: Device, track: MediaStreamTrack | null): Promise<void> {
    this.room?.update({ sources: this.local.sources(this.store.ownId.value) });
    const accepted = await (this.media?.setTrack(device, track) ?? true);
    if (track && !(accepted && (await this.mayUnmute(device)))) {
      this.store.notify(`The meeting did not accept your ${device}.`);
      this.local.turnOff(device);
    }
  }

  /** Whom a moderator muted tells the focus on coming back: it lifts what it may have told the bridge (focus.md §7.1). */
  private async mayUnmute(device: Device): Promise<boolean> {
    const { room, xmpp } = this;
    const kind = this.mutedByOthers.get(device);
    this.mutedByOthers.delete(device);
    if (!kind || !room || !xmpp) return true;
    const asked = xmpp.request('set', room.focusAddress, muteRequest(kind, room.address, false));
    return asked.then(
      () => true,
      (error: StanzaError) => error.condition !== 'not-allowed',
    );
  }

  /** Says goodbye to everybody, without a word to the person: the page is going away. */
  depart(): void {
    ++this.attempt;
    this.media?.close();
    this.room?.leave();
    this.xmpp?.close();
    this.media = undefined;
    this.room = undefined;
    this.xmpp = undefined;
  }

  private end(phase: 'left' | 'failed', why: string): void {
    this.depart();
    this.local.turnAllOff();
    this.store.clearRoom();
    this.store.failure.value = why;
    this.store.phase.value = phase;
  }
}
