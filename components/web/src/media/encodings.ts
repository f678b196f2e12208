// Which layers a sender encodes: the ladder of a camera, and what the bridge asks to leave out.

/** Shares of the captured height and bit rates, low to high (client.md §10, §14: VP8). */
export const CAMERA_LADDER = [
  { scale: 4, maxBitrate: 200_000 },
  { scale: 2, maxBitrate: 500_000 },
  { scale: 1, maxBitrate: 1_500_000 },
] as const;

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

export async function applyCameraLayers(sender: RTCRtpSender, maxHeight: number): Promise<void> {
  const parameters = sender.getParameters();
  const wanted = wantedLayers(captureHeight(sender.track), maxHeight);
  parameters.encodings.forEach((encoding, index) => {
    const rung = CAMERA_LADDER[index];
    if (!rung) return;
    encoding.active = wanted[index] ?? true;
    encoding.scaleResolutionDownBy = rung.scale;
    encoding.maxBitrate = rung.maxBitrate;
    (encoding as { scalabilityMode?: string }).scalabilityMode = 'L1T3';
  });
  // A layer that silently shrank would not be the height that its receivers asked for.
  (parameters as { degradationPreference?: string }).degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}

export async function applyScreenLayers(sender: RTCRtpSender, maxHeight: number): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) {
    encoding.active = maxHeight !== 0;
    encoding.maxBitrate = SCREEN_BITRATE;
  }
  (parameters as { degradationPreference?: string }).degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}
