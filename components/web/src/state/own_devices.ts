// Our own microphone, camera and screen in the meeting: what they tell the others, and what others decide about them.
import { effect } from '@preact/signals';
import type { Device } from '../media/session';
import type { ComponentMessage } from '../xmpp/component_message';
import { mediaLabel, mutedDevice, type MuteKind, muteKind, muteRequest } from '../xmpp/mute';
import type { StanzaError } from '../xmpp/stanza_error';
import type { Call } from './call';
import { leads } from './rights';

const DEVICES: readonly Device[] = ['microphone', 'camera', 'screen'];

export class OwnDevices {
  private readonly mutedByOthers = new Map<Device, MuteKind>();

  constructor(private readonly call: Call) {
    call.local.onChange = (device, track) => void this.onChange(device, track);
    effect(() => this.obey());
  }

  /** Switches a device; says why where it may not be on. */
  async toggle(device: Device): Promise<void> {
    const { local, store } = this.call;
    if (local.isOn(device)) return local.turnOff(device);
    const barred = store.barred(device);
    if (barred) return store.notify(this.describeBar(device, barred));
    await local.turnOn(device);
    const error = store.deviceErrors.value[device];
    if (error) store.notify(error);
  }

  /** The focus passes a moderator's wish on. We obey; switching on again is ours to decide. */
  onMuted(kind: MuteKind, actor: string): void {
    const { local, store } = this.call;
    const device = mutedDevice(kind);
    if (!local.isOn(device)) return;
    local.turnOff(device);
    this.mutedByOthers.set(device, kind);
    store.notify(`${actor ? store.nameOf(actor) : 'A host'} turned off your ${mediaLabel(kind)}.`);
  }

  onModeration(said: ComponentMessage): void {
    const { store } = this.call;
    if (said.type === 'allowed') {
      store.allowed.value = new Map(store.allowed.value).set(said.kind, new Set(said.ids));
    } else if (said.type === 'moderated') {
      store.moderated.value = toggled(store.moderated.value, said.kind, said.enabled);
      store.approved.value = toggled(store.approved.value, said.kind, false);
    } else {
      store.approved.value = toggled(store.approved.value, said.kind, said.approved);
      if (said.approved) this.onApproved(said.kind);
    }
  }

  private onApproved(kind: MuteKind): void {
    const { store } = this.call;
    if (leads(store.role.value)) return;
    store.notify(`A host asks you to turn on your ${mediaLabel(kind)}.`);
    if (store.hands.value.has(store.ownId.value)) this.call.raiseHand(false);
  }

  /** What we may not show or say any more goes off, before the server has to drop it. */
  private obey(): void {
    const { local, store } = this.call;
    if (store.phase.value !== 'joined') return;
    for (const device of DEVICES) {
      const barred = store.barred(device);
      if (!barred || store.local.value[device] === null) continue;
      local.turnOff(device);
      store.notify(this.describeBar(device, barred));
    }
  }

  private describeBar(device: Device, why: 'policy' | 'moderated'): string {
    const what = mediaLabel(muteKind(device));
    if (this.call.store.role.value === 'viewer') return 'You are a viewer here: you see and hear.';
    return why === 'policy'
      ? `The host has switched off the ${what} of participants.`
      : `Your ${what} is off until a host asks you. Raise your hand to say that you would like to speak.`;
  }

  private async onChange(device: Device, track: MediaStreamTrack | null): Promise<void> {
    const { room, media, local, store } = this.call;
    room?.update({ sources: local.sources(store.ownId.value) });
    const accepted = await (media?.setTrack(device, track) ?? true);
    if (track && !(accepted && (await this.mayUnmute(device)))) {
      store.notify(`The meeting did not accept your ${device}.`);
      local.turnOff(device);
    }
  }

  /** Whom a moderator muted tells the focus on coming back: it lifts what it may have told the bridge (focus.md §7.1). */
  private async mayUnmute(device: Device): Promise<boolean> {
    const { room } = this.call;
    const kind = this.mutedByOthers.get(device);
    this.mutedByOthers.delete(device);
    if (!kind || !room) return true;
    return this.call.ask(room.focusAddress, muteRequest(kind, room.address, false)).then(
      () => true,
      (error: StanzaError) => error.condition !== 'not-allowed',
    );
  }
}

function toggled(set: ReadonlySet<MuteKind>, kind: MuteKind, on: boolean): ReadonlySet<MuteKind> {
  const changed = new Set(set);
  if (on) changed.add(kind);
  else changed.delete(kind);
  return changed;
}
