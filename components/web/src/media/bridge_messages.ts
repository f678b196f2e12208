// Messages of the bridge channel (bridge.md §8.5): text ↔ values. What is malformed or unknown is no message.
import { isSsrc } from '../xmpp/sources';
import type { Kind, RemoteSource } from './model';

export type BridgeMessage =
  | { type: 'dominant'; endpoint: string }
  | { type: 'forwarded'; sources: string[] }
  | { type: 'sender-constraints'; sourceName: string; maxHeight: number }
  | { type: 'sources'; sources: RemoteSource[] }
  | { type: 'connectivity'; endpoint: string; active: boolean };

type Fields = Record<string, unknown>;

export function parseBridgeMessage(json: string): BridgeMessage | undefined {
  let fields: Fields;
  try {
    fields = JSON.parse(json) as Fields;
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  switch (fields.colibriClass) {
    case 'DominantSpeakerEndpointChangeEvent':
      return {
        type: 'dominant',
        endpoint: fields.silence === true ? '' : string(fields.dominantSpeakerEndpoint),
      };
    case 'ForwardedSources':
      return { type: 'forwarded', sources: list(fields.forwardedSources).map(string) };
    case 'SenderSourceConstraints':
      return typeof fields.maxHeight === 'number'
        ? { type: 'sender-constraints', sourceName: string(fields.sourceName), maxHeight: fields.maxHeight }
        : undefined;
    case 'VideoSourcesMap':
      return {
        type: 'sources',
        sources: list(fields.mappedSources).flatMap((entry) => mapped('video', entry)),
      };
    case 'AudioSourcesMap':
      return {
        type: 'sources',
        sources: list(fields.mappedSources).flatMap((entry) => mapped('audio', entry)),
      };
    case 'EndpointConnectivityStatusChangeEvent':
      return {
        type: 'connectivity',
        endpoint: string(fields.endpoint),
        active: String(fields.active) === 'true',
      };
    default:
      return undefined;
  }
}

function mapped(kind: Kind, entry: unknown): RemoteSource[] {
  const { source, owner, ssrc, rtx, videoType } = (entry ?? {}) as Fields;
  const number = Number(ssrc);
  if (typeof source !== 'string' || typeof owner !== 'string' || !isSsrc(number)) return [];
  const repeat = Number(rtx);
  return [
    {
      name: source,
      owner,
      kind,
      ssrc: number,
      rtx: kind === 'video' && isSsrc(repeat) ? repeat : undefined,
      videoType: string(videoType).toLowerCase().startsWith('desktop') ? 'desktop' : 'camera',
    },
  ];
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** What this page wants to see; absent sources get the default height. */
export interface ReceiverConstraints {
  heights: Map<string, number>;
  onStage: string[];
  defaultHeight: number;
}

export const receiverVideoConstraints = ({
  heights,
  onStage,
  defaultHeight,
}: ReceiverConstraints): Fields => ({
  colibriClass: 'ReceiverVideoConstraints',
  lastN: -1,
  assumedBandwidthBps: -1,
  onStageSources: onStage,
  selectedSources: [],
  defaultConstraints: { maxHeight: defaultHeight },
  constraints: Object.fromEntries([...heights].map(([name, maxHeight]) => [name, { maxHeight }])),
});

export const sourceVideoType = (sourceName: string, videoType: 'camera' | 'desktop' | 'none'): Fields => ({
  colibriClass: 'SourceVideoTypeMessage',
  sourceName,
  videoType,
});
