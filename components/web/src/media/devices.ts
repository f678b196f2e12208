// Camera, microphone and screen of this device, with errors in words.

export class DeviceError extends Error {}

const REASONS: Record<string, string> = {
  NotAllowedError: 'is blocked. You can allow it beside the address of this page.',
  NotFoundError: 'was not found on this device.',
  NotReadableError: 'is in use by another program.',
  OverconstrainedError: 'cannot deliver a usable picture.',
};

async function open(name: string, constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
  if (!navigator.mediaDevices) throw new DeviceError('Camera and microphone need a secure (https) page.');
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    const track = stream.getTracks()[0];
    if (track) return track;
  } catch (error) {
    const reason = REASONS[(error as DOMException).name];
    if (reason) throw new DeviceError(`Your ${name} ${reason}`);
  }
  throw new DeviceError(`Your ${name} could not be started.`);
}

export const openMicrophone = (): Promise<MediaStreamTrack> =>
  open('microphone', { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });

export const openCamera = (height: number): Promise<MediaStreamTrack> =>
  open('camera', {
    video: {
      width: { ideal: Math.round((height * 16) / 9) },
      height: { ideal: height },
      frameRate: { ideal: 30 },
    },
  });

/** Undefined when the person changed their mind in the browser's dialogue. */
export async function openScreen(): Promise<MediaStreamTrack | undefined> {
  if (!navigator.mediaDevices?.getDisplayMedia) throw new DeviceError('This browser cannot share a screen.');
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 15, max: 30 } },
      audio: false,
    });
    const track = stream.getVideoTracks()[0];
    if (track) track.contentHint = 'detail';
    return track;
  } catch (error) {
    if ((error as DOMException).name === 'NotAllowedError') return undefined;
    throw new DeviceError('The screen could not be shared.');
  }
}
