// Which layers a sender encodes: the ladder of a camera, and what the bridge asks to leave out.
import { FALLBACK, isScalable, type VideoCodec } from './codecs';

/** Shares of the captured height and bit rates, low to high (client.md §10, §14: VP8). */
export const CAMERA_LADDER = [
  { scale: 4, maxBitrate: 200_000 },
  { scale: 2, maxBitrate: 500_000 },
  { scale: 1, maxBitrate: 1_500_000 },
] as const;

/** Bit rates of the whole stream up to a rung of the ladder, of codecs that carry all rungs in one (client.md §14). */
const SCALABLE_BITRATES: Partial<Record<VideoCodec, readonly number[]>> = {
  vp9: [100_000, 300_000, 1_200_000],
  av1: [100_000, 300_000, 1_000_000],
};
/** Upper layers are predicted from lower ones in key pictures only, so that nobody is sent two of them for one. */
const SCALABLE_MODES = ['L1T3', 'L2T3_KEY', 'L3T3_KEY'] as const;

const SCREEN_BITRATE = 2_500_000;

/** No limit (bridge.md §7.7). */
export const UNLIMITED = -1;

export const isLower = (height: number, than: number): boolean =>
  height !== UNLIMITED && (than === UNLIMITED || height < than);

/**
 * Whether each layer of a camera is wanted by anybody who asks for up to `maxHeight`.
 * The lowest one serves every wish but 0; a layer above the wished height serves nobody.
 */
export function wantedLayers(captureHeight: number, maxHeight: number): boolean[] {
  return CAMERA_LADDER.map(
    ({ scale }, index) =>
      maxHeight === UNLIMITED ||
      (maxHeight > 0 && (index === 0 || Math.floor(captureHeight / scale) <= maxHeight)),
  );
}

/** The picture's shorter side: phones held upright count like others (bridge.md §6.1). */
export function captureHeight(track: MediaStreamTrack | null | undefined): number {
  const { width, height } = track?.getSettings() ?? {};
  return Math.min(width ?? Number.POSITIVE_INFINITY, height ?? 720);
}

export interface Encoding {
  active: boolean;
  scaleResolutionDownBy: number;
  maxBitrate: number;
  scalabilityMode: string;
}

/** What each of a camera's three encodings does; of a scalable codec the first one does it all. */
export function cameraEncodings(captured: number, maxHeight: number, codec: VideoCodec): Encoding[] {
  const wanted = wantedLayers(captured, maxHeight);
  if (!isScalable(codec)) {
    return CAMERA_LADDER.map(({ scale, maxBitrate }, index) => ({
      active: wanted[index] ?? true,
      scaleResolutionDownBy: scale,
      maxBitrate,
      scalabilityMode: 'L1T3',
    }));
  }
  const top = Math.max(wanted.lastIndexOf(true), 0);
  return CAMERA_LADDER.map(({ maxBitrate }, index) => ({
    active: index === 0 && wanted[0] === true,
    scaleResolutionDownBy: CAMERA_LADDER[top]?.scale ?? 1,
    maxBitrate: SCALABLE_BITRATES[codec]?.[top] ?? maxBitrate,
    scalabilityMode: index === 0 ? (SCALABLE_MODES[top] ?? 'L1T3') : 'L1T3',
  }));
}

type ChosenCodec = RTCRtpEncodingParameters & { codec?: RTCRtpCodecParameters };

/**
 * All encodings of a sender have one codec. A browser that cannot be told goes on with the first one of the answer, so
 * nobody is told of that before it was left.
 */
function chooseCodec(parameters: RTCRtpSendParameters, codec: VideoCodec): void {
  const encodings = parameters.encodings as ChosenCodec[];
  if (codec === FALLBACK && encodings.every((encoding) => encoding.codec === undefined)) return;
  const chosen = parameters.codecs.find(({ mimeType }) => mimeType.toLowerCase() === `video/${codec}`);
  if (!chosen) return;
  for (const encoding of encodings) encoding.codec = chosen;
}

export async function applyCameraLayers(
  sender: RTCRtpSender,
  maxHeight: number,
  codec: VideoCodec,
): Promise<void> {
  const parameters = sender.getParameters();
  const rungs = cameraEncodings(captureHeight(sender.track), maxHeight, codec);
  parameters.encodings.forEach((encoding, index) => Object.assign(encoding, rungs[index]));
  chooseCodec(parameters, codec);
  // A layer that silently shrank would not be the height that its receivers asked for.
  (parameters as { degradationPreference?: string }).degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}

export async function applyScreenLayers(
  sender: RTCRtpSender,
  maxHeight: number,
  codec: VideoCodec,
): Promise<void> {
  const parameters = sender.getParameters();
  chooseCodec(parameters, codec);
  for (const encoding of parameters.encodings) {
    encoding.active = maxHeight !== 0;
    encoding.maxBitrate = SCREEN_BITRATE;
  }
  (parameters as { degradationPreference?: string }).degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}
