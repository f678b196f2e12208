// One media session with the bridge: a single RTCPeerConnection, described anew from its sections at each change.
//
// The bridge's side of every negotiation is made up locally (remote_sdp.ts), so a change of sources needs no round
// trip: describe, answer, apply. Changes run one after the other; each sees the sections as they are by then.
import { BRIDGE_OWNER } from '../xmpp/sources';
import { FALLBACK, type VideoCodec } from './codecs';
import { applyCameraLayers, applyScreenLayers, CAMERA_LADDER, isLower, UNLIMITED } from './encodings';
import { type Layer, layersOf, readAnswer, withLayers } from './local_sdp';
import type { Answer, Kind, LocalSource, Offer, RemoteSource } from './model';
import { cameraName, microphoneName, screenName } from './model';
import { remoteSdp } from './remote_sdp';
import { Sections } from './sections';

export type Device = 'microphone' | 'camera' | 'screen';
export type LocalTracks = Record<Device, MediaStreamTrack | null>;

export interface RemoteTrack {
  source: RemoteSource;
  mid: string;
  track: MediaStreamTrack;
}

export interface SessionEvents {
  onConnection(state: RTCPeerConnectionState): void;
  onTracks(tracks: RemoteTrack[]): void;
}

interface Own {
  mid: string;
  kind: Kind;
  source: LocalSource | undefined;
  maxHeight: number;
  lowering?: ReturnType<typeof setTimeout>;
}

/**
 * A layer that nobody wants any more goes on for a moment: its receivers see it until the bridge has a key frame of the
 * layer that replaces it.
 */
const LOWER_AFTER_MS = 1000;

export class MediaSession {
  readonly pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  private readonly sections: Sections;
  private readonly own = new Map<Device, Own>();
  private version = 0;
  private codec: VideoCodec = FALLBACK;
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    readonly offer: Offer,
    private readonly endpoint: string,
    private readonly events: SessionEvents,
  ) {
    this.sections = new Sections(offer);
    for (const section of this.sections.list) {
      if (section.kind === 'data') continue;
      const device = section.kind === 'audio' ? 'microphone' : 'camera';
      this.own.set(device, { mid: section.mid, kind: section.kind, source: undefined, maxHeight: UNLIMITED });
    }
    for (const source of offer.sources) this.learn(source);
    this.pc.onconnectionstatechange = () => events.onConnection(this.pc.connectionState);
  }

  /** Applies the offer; the answer and the sources to announce with it. */
  start(tracks: LocalTracks): Promise<{ answer: Answer; sources: LocalSource[] }> {
    return this.enqueue(async () => {
      const sdp = await this.negotiate(tracks);
      const mids = [...this.own.values()].map(({ kind, mid }) => ({ kind, mid }));
      return { answer: readAnswer(sdp, mids), sources: this.localSources() };
    });
  }

  localSources(): LocalSource[] {
    return [...this.own.values()].flatMap(({ source }) => source ?? []);
  }

  /** Sends another track, or nothing. */
  setTrack(device: Device, track: MediaStreamTrack | null): Promise<void> {
    return this.enqueue(async () => {
      await this.sender(device)?.replaceTrack(track);
      await this.applyLayers(device);
    });
  }

  /** Starts to send a screen; the source to announce. The m-section stays for the next share. */
  share(track: MediaStreamTrack): Promise<LocalSource | undefined> {
    return this.enqueue(async () => {
      if (!this.own.has('screen')) {
        const mid = this.sections.addOwn('video');
        this.own.set('screen', { mid, kind: 'video', source: undefined, maxHeight: UNLIMITED });
        await this.negotiate({ microphone: null, camera: null, screen: track });
      } else {
        await this.sender('screen')?.replaceTrack(track);
      }
      return this.own.get('screen')?.source;
    });
  }

  /** Sends video in this codec from now on; no negotiation is needed. */
  useCodec(codec: VideoCodec): Promise<void> {
    return this.enqueue(async () => {
      if (codec === this.codec) return;
      this.codec = codec;
      await this.applyLayers('camera');
      await this.applyLayers('screen');
    });
  }

  /** Sources that have come, or SSRCs that changed hands. */
  put(sources: RemoteSource[]): Promise<void> {
    return this.change(() => sources.map((source) => this.learn(source)).includes(true));
  }

  remove(matches: (source: RemoteSource) => boolean): Promise<void> {
    return this.change(() => this.sections.remove(matches));
  }

  /** The bridge says how high a picture anybody wants of one of our sources. */
  constrain(sourceName: string, maxHeight: number): void {
    for (const [device, own] of this.own) {
      if (own.source?.name !== sourceName) continue;
      clearTimeout(own.lowering);
      const apply = () => void this.applyHeight(device, own, maxHeight).catch(() => undefined);
      if (isLower(maxHeight, own.maxHeight)) own.lowering = setTimeout(apply, LOWER_AFTER_MS);
      else apply();
    }
  }

  close(): void {
    for (const own of this.own.values()) clearTimeout(own.lowering);
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }

  private learn(source: RemoteSource): boolean {
    const useless = source.owner === BRIDGE_OWNER || source.owner === this.endpoint;
    return (
      !useless && this.offer.media.some((media) => media.kind === source.kind) && this.sections.put(source)
    );
  }

  private change(apply: () => boolean): Promise<void> {
    return this.enqueue(async () => {
      if (apply()) await this.negotiate();
      else this.report();
    });
  }

  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined);
    return done;
  }

  /** One round: describe the bridge, answer it. Sections of our own that are new get their track. */
  private async negotiate(fresh?: LocalTracks): Promise<string> {
    await this.pc.setRemoteDescription({
      type: 'offer',
      sdp: remoteSdp(this.offer, this.sections.list, ++this.version),
    });
    for (const [device, own] of this.own) await this.prepareOwn(device, own, fresh);
    let sdp = (await this.pc.createAnswer()).sdp ?? '';
    for (const [device, own] of this.own) {
      own.source ??= this.announce(device, own, layersOf(sdp, own.mid));
      if (own.kind === 'video') sdp = withLayers(sdp, own.mid, own.source.layers);
    }
    await this.pc.setLocalDescription({ type: 'answer', sdp });
    if (fresh) for (const device of this.own.keys()) await this.applyLayers(device);
    this.report();
    return sdp;
  }

  private async prepareOwn(device: Device, own: Own, fresh: LocalTracks | undefined): Promise<void> {
    const transceiver = this.transceiver(own.mid);
    if (!transceiver || own.source) return;
    transceiver.direction = 'sendonly';
    if (fresh) await transceiver.sender.replaceTrack(fresh[device]);
  }

  /** The stream's names are made up: those of the browser would show which devices somebody has. */
  private announce(device: Device, own: Own, layers: Layer[]): LocalSource {
    const name = { microphone: microphoneName, camera: cameraName, screen: screenName }[device](
      this.endpoint,
    );
    const rungs = device === 'camera' ? CAMERA_LADDER.length : 1;
    return {
      name,
      kind: own.kind,
      videoType: device === 'screen' ? 'desktop' : 'camera',
      msid: `${name}-stream ${name}-${randomSsrc().toString(36)}`,
      layers: [...layers.slice(0, 1), ...Array.from({ length: rungs - 1 }, newLayer)],
    };
  }

  private applyHeight(device: Device, own: Own, maxHeight: number): Promise<void> {
    return this.enqueue(async () => {
      if (own.maxHeight === maxHeight) return;
      own.maxHeight = maxHeight;
      await this.applyLayers(device);
    });
  }

  private async applyLayers(device: Device): Promise<void> {
    const sender = this.sender(device);
    if (!sender || device === 'microphone') return;
    const maxHeight = this.own.get(device)?.maxHeight ?? UNLIMITED;
    await (device === 'camera' ? applyCameraLayers : applyScreenLayers)(sender, maxHeight, this.codec);
  }

  private report(): void {
    const tracks = this.sections.playing().flatMap(({ mid, source }) => {
      const track = this.transceiver(mid)?.receiver.track;
      return track ? [{ mid, source, track }] : [];
    });
    this.events.onTracks(tracks);
  }

  sender(device: Device): RTCRtpSender | undefined {
    const own = this.own.get(device);
    return own && this.transceiver(own.mid)?.sender;
  }

  private transceiver(mid: string): RTCRtpTransceiver | undefined {
    return this.pc.getTransceivers().find((transceiver) => transceiver.mid === mid);
  }
}

const newLayer = (): Layer => ({ ssrc: randomSsrc(), rtx: randomSsrc() });
const randomSsrc = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! || 1;
