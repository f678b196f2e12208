// What an offer of the focus says, as values: no XML, no SDP.

export type Kind = 'audio' | 'video';
export type VideoType = 'camera' | 'desktop';

export interface Payload {
  id: number;
  name: string;
  clockrate: number;
  channels: number;
  /** A parameter without a name is a bare value (client.md §9). */
  parameters: { name: string; value: string }[];
  feedback: { type: string; subtype: string }[];
}

export interface HeaderExtension {
  id: number;
  uri: string;
}

export interface MediaContent {
  kind: Kind;
  payloads: Payload[];
  extensions: HeaderExtension[];
  extmapAllowMixed: boolean;
}

export interface Fingerprint {
  hash: string;
  value: string;
  setup: string;
  cryptex: boolean;
}

export interface Candidate {
  foundation: string;
  component: string;
  protocol: string;
  priority: string;
  ip: string;
  port: string;
  type: string;
  generation: string;
  relAddr: string;
  relPort: string;
  tcpType: string;
}

export interface Transport {
  ufrag: string;
  pwd: string;
  fingerprints: Fingerprint[];
  candidates: Candidate[];
  webSockets: string[];
  sctpPort: number | undefined;
}

/** One stream of somebody else: an audio SSRC, or a video SSRC with its retransmissions. */
export interface RemoteSource {
  name: string;
  /** Endpoint id of the sender. */
  owner: string;
  kind: Kind;
  ssrc: number;
  rtx: number | undefined;
  videoType: VideoType;
}

export interface Offer {
  sid: string;
  initiator: string;
  media: MediaContent[];
  transport: Transport;
  bridgeSession: string | undefined;
  sources: RemoteSource[];
}

/** A source that we announce. Video: layers low to high, each with its retransmission SSRC. */
export interface LocalSource {
  name: string;
  kind: Kind;
  videoType: VideoType;
  msid: string;
  layers: { ssrc: number; rtx: number | undefined }[];
}

/** What the browser answered: chosen formats and its own side of the transport. */
export interface Answer {
  media: MediaContent[];
  ufrag: string;
  pwd: string;
  fingerprints: Fingerprint[];
  sctpPort: number | undefined;
}

export const cameraName = (endpoint: string): string => `${endpoint}-v0`;
export const screenName = (endpoint: string): string => `${endpoint}-v1`;
export const microphoneName = (endpoint: string): string => `${endpoint}-a0`;

/** The first eight characters of an anonymous address, where they are hex (client.md §3). */
export function endpointId(jid: string): string {
  const start = jid.slice(0, 8);
  return /^[0-9a-f]{8}$/.test(start) ? start : crypto.randomUUID().slice(0, 8);
}
