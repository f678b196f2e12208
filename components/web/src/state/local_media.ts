// Our own camera, microphone and screen: on, off, and what others are told. Works before, during and between calls.
import { DeviceError, openCamera, openMicrophone, openScreen } from '../media/devices';
import { cameraName, microphoneName, screenName } from '../media/model';
import type { Device } from '../media/session';
import type { SourceState } from '../xmpp/presence';
import type { Store } from './store';

export class LocalMedia {
  /** Called after each change with the device and its track of now. */
  onChange: (device: Device, track: MediaStreamTrack | null) => void = () => undefined;
  private readonly opening = new Set<Device>();
  /** The muted microphone stays open, so that the first word after unmuting is heard. Nothing of it is sent. */
  private parked: MediaStreamTrack | null = null;

  constructor(
    private readonly store: Store,
    private readonly cameraHeight: number,
  ) {}

  isOn(device: Device): boolean {
    return this.store.local.value[device] !== null;
  }

  /** Opens a device; false when it stays off, with the reason in the store. */
  async turnOn(device: Device): Promise<boolean> {
    if (this.isOn(device) || this.opening.has(device)) return this.isOn(device);
    this.opening.add(device);
    try {
      const track = await this.open(device);
      this.report(device, undefined);
      if (track) this.put(device, track);
    } catch (error) {
      this.report(device, error instanceof DeviceError ? error.message : 'The device could not be started.');
    } finally {
      this.opening.delete(device);
    }
    return this.isOn(device);
  }

  /** Stops to send. Camera and screen are released at once: their lights go out. */
  turnOff(device: Device): void {
    const track = this.store.local.value[device];
    if (!track) return;
    track.onended = null;
    if (device === 'microphone') this.park(track);
    else track.stop();
    this.put(device, null);
  }

  /** Releases everything. */
  turnAllOff(): void {
    for (const device of ['microphone', 'camera', 'screen'] as const) this.turnOff(device);
    this.parked?.stop();
    this.parked = null;
  }

  /** What presence says of our sources. The screen is only named while it is shared. */
  sources(endpoint: string): Map<string, SourceState> {
    const { microphone, camera, screen } = this.store.local.value;
    const states = new Map<string, SourceState>([
      [microphoneName(endpoint), { muted: !microphone, videoType: 'camera' }],
      [cameraName(endpoint), { muted: !camera, videoType: 'camera' }],
    ]);
    if (screen) states.set(screenName(endpoint), { muted: false, videoType: 'desktop' });
    return states;
  }

  private open(device: Device): Promise<MediaStreamTrack | undefined> {
    if (device === 'microphone') return this.unpark() ?? openMicrophone();
    return device === 'camera' ? openCamera(this.cameraHeight) : openScreen();
  }

  private park(track: MediaStreamTrack): void {
    track.enabled = false;
    this.parked = track;
  }

  private unpark(): Promise<MediaStreamTrack> | undefined {
    const track = this.parked;
    this.parked = null;
    if (track?.readyState !== 'live') return undefined;
    track.enabled = true;
    return Promise.resolve(track);
  }

  private put(device: Device, track: MediaStreamTrack | null): void {
    // Unplugged, revoked, or the browser's own "stop sharing".
    if (track) track.onended = () => this.turnOff(device);
    this.store.local.value = { ...this.store.local.value, [device]: track };
    this.onChange(device, track);
  }

  private report(device: Device, error: string | undefined): void {
    const { [device]: _, ...others } = this.store.deviceErrors.value;
    this.store.deviceErrors.value = error === undefined ? others : { ...others, [device]: error };
  }
}
