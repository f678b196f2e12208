// Media of one stay in a room: the sessions that the focus offers, the bridge channel, and what happens when they break.
import { effect } from '@preact/signals';
import { BridgeChannel, dialData, dialSocket } from '../media/bridge_channel';
import { parseBridgeMessage, receiverVideoConstraints, sourceVideoType } from '../media/bridge_messages';
import { commonCodec, type VideoCodec } from '../media/codecs';
import { cameraName, type LocalSource, type Offer, type RemoteSource, screenName } from '../media/model';
import { type Device, MediaSession } from '../media/session';
import { sessionAccept, sessionTerminate, sourceAdd, sourceRemove } from '../xmpp/jingle_build';
import type { Store } from './store';

export interface MediaLinkPort {
  endpoint: string;
  /** Our full address, as Jingle's responder. */
  responder: string;
  preferSctp: boolean;
  /** Video codecs that we may send, best first. */
  codecs: readonly VideoCodec[];
  sendJingle(jingle: Element): Promise<unknown>;
  ping(): Promise<unknown>;
  /** Media cannot be had in this stay; a fresh one may help. */
  onHopeless(): void;
}

/** focus.md §4.7: what clients wait after a failure before they ask for a restart. */
const RESTART_PAUSE_MS = 2000;
const INTERRUPTED_TOO_LONG_MS = 9000;
const RESTARTS = 3;
const CONSTRAINTS_PAUSE_MS = 100;

export class MediaLink {
  session: MediaSession | undefined;
  private channel: BridgeChannel | undefined;
  private shared: LocalSource | undefined;
  private restarts = 0;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private constraintsTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly pinned = new Map<string, number>();
  private readonly stopWatching: (() => void)[];

  constructor(
    private readonly store: Store,
    private readonly port: MediaLinkPort,
  ) {
    this.stopWatching = [
      effect(() => {
        void store.wishes.value;
        clearTimeout(this.constraintsTimer);
        this.constraintsTimer = setTimeout(() => this.sendConstraints(), CONSTRAINTS_PAUSE_MS);
      }),
      effect(() => {
        void store.participants.value;
        this.chooseCodec();
      }),
    ];
  }

  /** A session of the focus; it replaces one that may still be there. */
  async accept(offer: Offer): Promise<void> {
    this.closeSession();
    this.store.media.value = 'connecting';
    const session = new MediaSession(offer, this.port.endpoint, {
      onConnection: (state) => this.session === session && this.onConnection(state),
      onTracks: (tracks) => {
        if (this.session === session) this.store.tracks.value = tracks;
      },
    });
    this.session = session;
    try {
      this.chooseCodec();
      const { answer, sources } = await session.start(this.store.local.value);
      this.openChannel(session);
      await this.port.sendJingle(
        sessionAccept(offer.sid, offer.initiator, this.port.responder, answer, sources),
      );
      if (this.store.local.value.screen) await this.startShare(this.store.local.value.screen);
    } catch {
      if (this.session === session) this.restartSoon('failed-application');
    }
  }

  /** Who comes may not play what we send; who leaves may have been the reason not to send better. */
  private chooseCodec(): void {
    const others = [...this.store.participants.peek().values()].map(({ codecs }) => codecs);
    this.quietly(this.session?.useCodec(commonCodec(this.port.codecs, others)));
  }

  /** The focus ended the session; it may offer another one. */
  terminated(sid: string): void {
    if (this.session?.offer.sid === sid) this.closeSession();
  }

  putSources(sources: RemoteSource[]): void {
    this.quietly(this.session?.put(sources));
  }

  removeSources(sources: RemoteSource[]): void {
    const ssrcs = new Set(sources.map((source) => source.ssrc));
    this.quietly(this.session?.remove((source) => ssrcs.has(source.ssrc)));
  }

  participantLeft(id: string): void {
    this.quietly(this.session?.remove((source) => source.owner === id));
  }

  /** A device of ours changed; false when the focus refused the new source. */
  async setTrack(device: Device, track: MediaStreamTrack | null): Promise<boolean> {
    if (device === 'screen') return track ? this.startShare(track) : this.endShare();
    await this.session?.setTrack(device, track).catch(() => undefined);
    if (device === 'camera') this.sendVideoTypes();
    return true;
  }

  /** For tests: asks for this height of a source whatever the layout wants. */
  pin(sourceName: string, height: number): void {
    this.pinned.set(sourceName, height);
    this.sendConstraints();
  }

  /** Leaves politely: the focus hears it before our presence ends. */
  close(): void {
    const offer = this.session?.offer;
    if (offer) {
      void this.port
        .sendJingle(sessionTerminate(offer.sid, offer.bridgeSession, 'success', 'left', false))
        .catch(() => undefined);
    }
    this.abandon();
  }

  /** The stay is over and nobody is there to be told. */
  abandon(): void {
    for (const stop of this.stopWatching) stop();
    clearTimeout(this.constraintsTimer);
    this.closeSession();
  }

  private closeSession(): void {
    clearTimeout(this.patience);
    this.channel?.close();
    this.session?.close();
    this.channel = undefined;
    this.session = undefined;
    this.shared = undefined;
    this.store.channelOpen.value = false;
    this.store.tracks.value = [];
    this.store.media.value = 'idle';
  }

  private async startShare(track: MediaStreamTrack): Promise<boolean> {
    const session = this.session;
    // Without a session it is announced with the next one.
    if (!session || this.shared) return true;
    try {
      const source = await session.share(track);
      if (!source) return false;
      this.shared = source;
      await this.port.sendJingle(sourceAdd(session.offer.sid, source));
      this.sendVideoTypes();
      return true;
    } catch {
      this.shared = undefined;
      await session.setTrack('screen', null).catch(() => undefined);
      return this.session !== session;
    }
  }

  private async endShare(): Promise<boolean> {
    const { session, shared } = this;
    this.shared = undefined;
    if (!session || !shared) return true;
    await session.setTrack('screen', null).catch(() => undefined);
    this.channel?.send(sourceVideoType(shared.name, 'none'));
    await this.port.sendJingle(sourceRemove(session.offer.sid, shared)).catch(() => undefined);
    return true;
  }

  private onConnection(state: RTCPeerConnectionState): void {
    clearTimeout(this.patience);
    if (state === 'connected') {
      this.store.media.value = 'connected';
      this.patience = setTimeout(() => (this.restarts = 0), 30_000);
    } else if (state === 'disconnected') {
      this.store.media.value = 'interrupted';
      this.patience = setTimeout(() => this.restart('connectivity-error'), INTERRUPTED_TOO_LONG_MS);
    } else if (state === 'failed') {
      this.store.media.value = 'interrupted';
      this.restartSoon('connectivity-error');
    }
  }

  private restartSoon(reason: 'connectivity-error' | 'failed-application'): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.restart(reason), RESTART_PAUSE_MS);
  }

  /** Asks the focus for a new session. Only once the server answers: without it nothing can be repaired. */
  private async restart(reason: 'connectivity-error' | 'failed-application'): Promise<void> {
    const offer = this.session?.offer;
    if (!offer) return;
    try {
      if (++this.restarts > RESTARTS) throw new Error('restarted too often');
      await this.port.ping();
      if (this.session?.offer !== offer) return;
      await this.port.sendJingle(
        sessionTerminate(offer.sid, offer.bridgeSession, reason, 'ICE FAILED', true),
      );
      this.terminated(offer.sid);
      this.store.media.value = 'connecting';
    } catch {
      if (this.session?.offer === offer) this.port.onHopeless();
    }
  }

  private openChannel(session: MediaSession): void {
    const { sctpPort, webSockets } = session.offer.transport;
    const url = webSockets[0];
    const data = sctpPort !== undefined && (this.port.preferSctp || url === undefined);
    if (!data && url === undefined) return;
    this.channel = new BridgeChannel(data ? dialData(session.pc) : dialSocket(url ?? ''), {
      onOpen: () => {
        this.store.channelOpen.value = true;
        this.sendConstraints();
        this.sendVideoTypes();
      },
      onMessage: (json) => this.onBridgeMessage(json),
      onClose: () => {
        this.store.channelOpen.value = false;
      },
    });
  }

  private onBridgeMessage(json: string): void {
    const message = parseBridgeMessage(json);
    switch (message?.type) {
      case 'dominant':
        this.store.dominant.value = message.endpoint;
        break;
      case 'sources':
        this.putSources(message.sources);
        break;
      case 'sender-constraints':
        this.session?.constrain(message.sourceName, message.maxHeight);
        break;
      case 'connectivity':
        this.store.setActive(message.endpoint, message.active);
        break;
      default:
        break;
    }
  }

  private sendConstraints(): void {
    const wishes = this.store.wishes.value;
    const heights = new Map([...wishes.heights, ...this.pinned]);
    this.channel?.send(receiverVideoConstraints({ ...wishes, heights }));
  }

  private sendVideoTypes(): void {
    const { camera, screen } = this.store.local.value;
    this.channel?.send(sourceVideoType(cameraName(this.port.endpoint), camera ? 'camera' : 'none'));
    if (screen && this.shared) this.channel?.send(sourceVideoType(screenName(this.port.endpoint), 'desktop'));
  }

  /** Work on a session that was closed meanwhile fails, and nobody misses it. */
  private quietly(work: Promise<void> | undefined): void {
    void work?.catch(() => undefined);
  }
}
