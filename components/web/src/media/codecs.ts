// Which video codec to send: our own order of preference among those that everybody else can play (client.md §14).
// There is no negotiation about it: everybody offers and plays all of them, and senders change as people come and go.

const KNOWN = ['vp8', 'vp9', 'av1', 'h264'] as const;
export type VideoCodec = (typeof KNOWN)[number];

/** What everybody can play, named or not. */
export const FALLBACK: VideoCodec = 'vp8';

/** Sent as one stream of several layers; the others as several streams. */
export const isScalable = (codec: VideoCodec): boolean => codec === 'vp9' || codec === 'av1';

export const isVideoCodec = (name: string): boolean => KNOWN.some((known) => known === name.toLowerCase());

/** What this browser plays, best first: what is wished for, then the rest. */
export function codecOrder(wished: readonly string[], playable: ReadonlySet<string>): VideoCodec[] {
  const known = [...wished.map((name) => name.toLowerCase()), ...KNOWN].flatMap(
    (name) => KNOWN.find((each) => each === name) ?? [],
  );
  return [...new Set(known)].filter((codec) => codec === FALLBACK || playable.has(codec));
}

/** The first of `order` that is in each of the others' lists. */
export function commonCodec(
  order: readonly VideoCodec[],
  others: readonly (readonly string[])[],
): VideoCodec {
  return (
    order.find((codec) => codec === FALLBACK || others.every((list) => list.includes(codec))) ?? FALLBACK
  );
}

/** "AV1, vp9" → names in lower case; whoever says nothing plays what everybody plays. */
export function parseCodecList(text: string): string[] {
  const names = text
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(isVideoCodec);
  return names.includes(FALLBACK) ? names : [...names, FALLBACK];
}

export function playableCodecs(): Set<string> {
  const { codecs } = RTCRtpReceiver.getCapabilities('video') ?? { codecs: [] };
  return new Set(codecs.map(({ mimeType }) => mimeType.toLowerCase().replace('video/', '')));
}
