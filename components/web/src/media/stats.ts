// The browser's counters, gathered by source.
import type { RemoteTrack } from './session';

type Report = Record<string, unknown> & { type: string };

const INBOUND = [
  'ssrc',
  'packetsReceived',
  'packetsLost',
  'bytesReceived',
  'framesDecoded',
  'framesReceived',
  'framesPerSecond',
  'frameWidth',
  'frameHeight',
  'keyFramesDecoded',
  'codec',
  'freezeCount',
  'totalFreezesDuration',
  'pauseCount',
  'totalInterFrameDelay',
  'nackCount',
  'pliCount',
  'jitter',
  'totalAudioEnergy',
  'totalSamplesDuration',
  'totalSamplesReceived',
  'concealedSamples',
  'silentConcealedSamples',
  'concealmentEvents',
  'audioLevel',
] as const;

const OUTBOUND = [
  'ssrc',
  'kind',
  'mid',
  'active',
  'packetsSent',
  'bytesSent',
  'framesEncoded',
  'framesPerSecond',
  'frameWidth',
  'frameHeight',
  'scalabilityMode',
  'codec',
  'qualityLimitationReason',
  'nackCount',
  'pliCount',
  'targetBitrate',
] as const;

/** Names the codec in place of the browser's own id for it. */
function withCodec(report: Report, reports: readonly Report[]): Report {
  const codec = reports.find((each) => each.type === 'codec' && each.id === report.codecId);
  return codec ? { ...report, codec: String(codec.mimeType).replace('video/', '').toLowerCase() } : report;
}

const pick = (report: Report, keys: readonly string[]) =>
  Object.fromEntries(keys.filter((key) => report[key] !== undefined).map((key) => [key, report[key]]));

/** One entry per remote source that somebody owns; counters are absent until packets have come. */
export async function inboundStats(pc: RTCPeerConnection | undefined, tracks: readonly RemoteTrack[]) {
  const reports = pc ? ([...(await pc.getStats()).values()] as Report[]) : [];
  return tracks.map(({ source, mid }) => {
    const report = reports.find(
      (each) => each.type === 'inbound-rtp' && each.mid === mid && each.ssrc === source.ssrc,
    );
    return { ...source, ...(report ? pick(withCodec(report, reports), INBOUND) : {}) };
  });
}

/** One entry per stream that we send: each layer is a stream. */
export async function outboundStats(pc: RTCPeerConnection | undefined) {
  const reports = pc ? ([...(await pc.getStats()).values()] as Report[]) : [];
  return reports
    .filter((report) => report.type === 'outbound-rtp')
    .map((report) => pick(withCodec(report, reports), OUTBOUND));
}
