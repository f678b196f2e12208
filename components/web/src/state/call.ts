// One person's call from the join button to the leave button: connects, asks for the conference, enters the room, hands
// offers to the media link, and starts over when a part of this breaks.
import { type Config, focusAddress, rewritesSsrcs, wishedCodecs } from '../config';
import { codecOrder, playableCodecs, type VideoCodec } from '../media/codecs';
import { endpointId } from '../media/model';
import { capsElement, capsVersion, features } from '../xmpp/caps';
import {
  type ConferenceAnswer,
  ConferenceRefused,
  HostNeeded,
  type Properties,
  requestByHttp,
  requestByXmpp,
} from '../xmpp/conference_request';
import type { XmppConnection } from '../xmpp/connection';
import { parseComponentMessage } from '../xmpp/component_message';
import type { Occupant } from '../xmpp/presence';
import type { Reaction } from '../xmpp/reactions';
import { type ChatMessage, Room } from '../xmpp/room';
import { discoverServices, type Services } from '../xmpp/services';
import { StanzaError } from '../xmpp/stanza_error';
import { attr } from '../xmpp/xml';
import { browserMark } from './browser_mark';
import type { HostAccount } from './host_account';
import { Leading } from './leading';
import type { LocalMedia } from './local_media';
import { isReadable } from './meeting_link';
import { MediaLink } from './media_link';
import { OwnDevices } from './own_devices';
import { describeChatRefusal } from './refusals';
import type { Preset } from './presets';
import { answerRequest } from './requests';
import { leads, parsePolicy } from './rights';
import { connect } from './sign_in';
import type { Store } from './store';
import { cleanMessage } from './text';
import { Threshold } from './threshold';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 8000;

export class Call {
  room: Room | undefined;
  media: MediaLink | undefined;
  readonly leading = new Leading(this);
  readonly devices: OwnDevices;
  private xmpp: XmppConnection | undefined;
  private readonly threshold: Threshold;
  /** How the meeting shall be when we open it. */
  private preset: Preset | undefined;
  private early: Promise<ConferenceAnswer> | undefined;
  /** Counts attempts to enter; what belongs to an older one stops by itself. */
  private attempt = 0;
  private pause = FIRST_RETRY_MS;
  private readonly features: string[];
  private readonly codecs: readonly VideoCodec[];

  constructor(
    readonly config: Config,
    readonly roomName: string,
    readonly store: Store,
    readonly local: LocalMedia,
    readonly account: HostAccount,
  ) {
    this.features = features(rewritesSsrcs(config));
    this.codecs = codecOrder(wishedCodecs(config, location.search), playableCodecs());
    this.devices = new OwnDevices(this);
    this.threshold = new Threshold({
      roomName,
      roomJid: this.roomJid,
      store,
      leading: this.leading,
      retry: (pause) => this.retry(pause),
      enter: () => void this.enter(),
      end: (phase, why) => this.end(phase, why),
    });
  }

  /** @param preset is set up if we are the one who opens the meeting. */
  join(name: string, preset?: Preset): void {
    this.preset = preset;
    this.threshold.password = '';
    this.store.ownName.value = name;
    this.store.failure.value = '';
    this.store.trouble.value = '';
    this.store.phase.value = 'connecting';
    this.pause = FIRST_RETRY_MS;
    // The two need not wait for each other; both are needed before the room.
    this.early = this.requestOverHttp();
    this.xmpp = connect(this.config, this.roomName, this.account.host.value, {
      onOnline: (resumed) => (resumed ? this.onResumed() : this.onNewSession()),
      onOffline: () => this.setReconnecting(),
      onUnreachable: () => (this.store.trouble.value = 'The server does not answer. Trying again…'),
      onSignInRefused: () => this.onSignInRefused(),
      onPresence: (presence) => {
        this.room?.onPresence(presence);
        this.threshold.onPresence(presence);
      },
      onMessage: (message) => this.onMessage(message),
      onRequest: (iq, payload) => answerRequest(this, this.features, iq, payload),
    });
  }

  /** After the room asked for a password. */
  joinWithPassword(password: string): void {
    this.threshold.password = password;
    this.store.phase.value = 'connecting';
    void this.enter();
  }

  /** To the page before the meeting, as if we had never asked. */
  backToDoor(): void {
    this.end('before', '');
  }

  leave(): void {
    this.end('left', '');
  }

  /** To everybody, or to one; the server does not send back what is for one. */
  sendChat(body: string, to = ''): void {
    this.room?.chat(body, to);
    const text = cleanMessage(body);
    if (to && text)
      this.addChat({ from: this.store.ownId.value, body: text, at: new Date(), isPrivate: true }, to);
  }

  react(reaction: Reaction): void {
    this.room?.react(reaction);
  }

  raiseHand(up: boolean): void {
    this.room?.update({ raisedHand: up ? Date.now() : 0 });
  }

  rename(name: string): void {
    this.store.ownName.value = name;
    this.room?.update({ name });
    this.threshold.rename(name);
  }

  /** A request of the person at this page. */
  ask(to: string, payload: Element): Promise<Element> {
    return this.xmpp?.request('set', to, payload) ?? Promise.reject(new StanzaError('disconnected'));
  }

  send(stanza: Element): void {
    this.xmpp?.send(stanza);
  }

  private requestOverHttp(): Promise<ConferenceAnswer> | undefined {
    const url = this.config.conferenceRequestUrl;
    if (!url) return undefined;
    const request = requestByHttp(url, this.roomName, this.roomJid, this.properties);
    request.catch(() => undefined);
    return request;
  }

  /** A lobby that comes on later would let those in who wait for the host. */
  private get properties(): Properties {
    const wanted = isReadable(this.roomName) || this.preset?.lobby === true;
    return wanted && this.account.host.value ? { lobby: 'true' } : {};
  }

  private get roomJid(): string {
    return `${this.roomName}@${this.config.hosts.muc}`;
  }

  /** A new session on the server: everything from the conference request on. */
  private async enter(): Promise<void> {
    const attempt = ++this.attempt;
    this.media?.abandon();
    this.room = undefined;
    this.threshold.reset();
    this.store.clearRoom();
    try {
      const [answer, services] = await Promise.all([this.request(), this.discover()]);
      if (attempt !== this.attempt || !this.xmpp) return;
      this.store.services.value = services;
      const focusJid = answer.focusJid || this.config.focusUserJid || '';
      if (answer.ready) return await this.enterRoom(this.xmpp, focusJid);
      this.store.trouble.value = 'The meeting is not open yet. Trying again…';
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof HostNeeded) return this.threshold.waitForHost();
      if (error instanceof ConferenceRefused) return this.end('failed', error.message);
      this.store.trouble.value = 'The meeting server does not answer. Trying again…';
    }
    this.retry();
  }

  private request(): Promise<ConferenceAnswer> {
    const early = this.early ?? this.requestOverHttp();
    this.early = undefined;
    if (early) return early;
    return this.xmpp
      ? requestByXmpp(this.xmpp, focusAddress(this.config), this.roomJid, this.properties)
      : Promise.resolve({ ready: false, focusJid: '' });
  }

  /** Without the answer we do without what it would name. */
  private discover(): Promise<Services> {
    const { xmpp } = this;
    return xmpp ? discoverServices(xmpp, this.config.hosts.domain).catch(() => ({})) : Promise.resolve({});
  }

  private retry(pause?: number): void {
    const { attempt } = this;
    const spread = 0.75 + Math.random() / 2;
    setTimeout(() => attempt === this.attempt && void this.enter(), (pause ?? this.pause) * spread);
    if (pause === undefined) this.pause = Math.min(this.pause * 2, LONGEST_RETRY_MS);
  }

  private async enterRoom(xmpp: XmppConnection, focusJid: string): Promise<void> {
    const attempt = this.attempt;
    const caps = capsElement(await capsVersion(this.features));
    const statsId = await browserMark(this.roomName);
    if (attempt !== this.attempt) return;
    const id = endpointId(xmpp.jid);
    this.store.ownId.value = id;
    const own = {
      id,
      name: this.store.ownName.value,
      statsId,
      caps,
      sources: this.local.sources(id),
      codecs: this.codecs,
      raisedHand: 0,
    };
    this.room = new Room(xmpp, this.roomJid, focusJid, own, {
      onJoined: (occupant) => this.onJoined(occupant),
      onOwn: (occupant) => this.onOwn(occupant),
      onRefused: (refusal) => this.threshold.onRefused(refusal, xmpp),
      onChangeRefused: () => this.store.notify('The server did not accept that change.'),
      onInvited: () => this.threshold.onAdmitted(),
      onOut: (how, reason) => this.end(how, reason),
      onLost: () => this.startOver(),
      onOccupant: (occupant) => this.store.putParticipant(occupant),
      onOccupantGone: (gone) => this.onGone(gone),
      onFocus: (present, noBridge, policy) => this.onFocus(present, noBridge, policy),
      onChat: (line) => this.addChat(line),
      onChatRefused: (error) => this.store.notify(describeChatRefusal(error)),
      onReactions: (from, reactions) => this.store.addReactions(from, reactions),
      onConfigChanged: () => this.readRoom(),
      onAnnouncement: (text) => this.store.announce(text),
    });
    this.media = this.newMediaLink(xmpp, this.room, id);
    this.room.join(this.threshold.password);
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
    this.threshold.onJoined();
    this.store.trouble.value = '';
    this.pause = FIRST_RETRY_MS;
    this.onOwn(own);
    this.store.phase.value = 'joined';
    this.readRoom();
  }

  /** What the server made of our presence. */
  private onOwn({ id, name, role, raisedHand }: Occupant): void {
    this.store.ownName.value = name || this.store.ownName.value;
    const promoted = leads(role) && !leads(this.store.role.value);
    this.store.role.value = role;
    this.store.putHand(id, raisedHand);
    if (role === 'host') this.setUp();
    if (promoted && this.store.phase.value === 'joined') this.readRoom();
  }

  /** Whoever opens the meeting says how it shall be; who finds a host there does not. */
  private setUp(): void {
    const { preset } = this;
    this.preset = undefined;
    const hosts = [...this.store.participants.value.values()].filter(({ role }) => role === 'host');
    if (preset && hosts.length === 0) void this.leading.apply(preset, isReadable(this.roomName));
  }

  private readRoom(): void {
    const { xmpp, room } = this;
    if (xmpp && room) void this.threshold.readRoom(xmpp, () => room === this.room);
  }

  private onMessage(message: Element): void {
    const { avModeration } = this.store.services.value;
    if (!avModeration || attr(message, 'from') !== avModeration) return this.room?.onMessage(message);
    const said = parseComponentMessage(message);
    if (said) this.devices.onModeration(said);
  }

  private onSignInRefused(): void {
    this.account.forget();
    this.end('failed', 'You are not signed in any more. Please sign in again.');
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

  private onGone(id: string): void {
    this.store.dropParticipant(id);
    this.media?.participantLeft(id);
  }

  /** Without the focus there is no meeting: it went away or restarts, so we ask for the conference again. */
  private onFocus(present: boolean, noBridge: boolean, policy: string): void {
    this.store.noBridge.value = noBridge;
    this.store.policy.value = parsePolicy(policy);
    if (!present && this.store.phase.value === 'joined') this.startOver();
  }

  private startOver(): void {
    this.setReconnecting();
    this.media?.close();
    this.room?.leave();
    this.room = undefined;
    ++this.attempt;
    this.retry();
  }

  private setReconnecting(): void {
    if (this.store.phase.value === 'joined') this.store.phase.value = 'reconnecting';
  }

  private addChat({ from, body, at, isPrivate }: ChatMessage, to = this.store.ownId.value): void {
    const { store } = this;
    const onlyTo = isPrivate ? store.nameOf(to) : '';
    store.addChat({ from, name: store.nameOf(from), own: from === store.ownId.value, onlyTo, body, at });
  }

  /** Says goodbye to everybody, without a word to the person: the page is going away. */
  depart(): void {
    ++this.attempt;
    this.media?.close();
    this.room?.leave();
    this.threshold.leave();
    this.xmpp?.close();
    this.media = undefined;
    this.room = undefined;
    this.xmpp = undefined;
  }

  private end(phase: 'before' | 'left' | 'removed' | 'ended' | 'failed', why: string): void {
    this.depart();
    if (phase !== 'before') this.local.turnAllOff();
    this.store.clearRoom();
    this.store.failure.value = why;
    this.store.phase.value = phase;
  }
}
