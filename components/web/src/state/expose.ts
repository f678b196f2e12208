// `window.cloister`, for tests of the whole stack, only with `config.testing.expose`: reads what is going on, and can
// ask for a picture's height. It cannot do anything that a person could not do with this page.
import { inboundStats, outboundStats } from '../media/stats';
import type { Call } from './call';
import { leads } from './rights';

export function exposeForTests(call: Call): void {
  const api = Object.freeze({
    snapshot: () => snapshot(call),
    stats: () => inboundStats(call.media?.session?.pc, call.store.tracks.value),
    sentStats: () => outboundStats(call.media?.session?.pc),
    /** Asks for this height of a source from now on, whatever the layout wants. */
    setReceiverConstraints: (sourceName: string, height: number) => call.media?.pin(sourceName, height),
  });
  Object.defineProperty(window, 'cloister', { value: api });
}

function snapshot(call: Call) {
  const { store, media, room } = call;
  return {
    room: call.roomName,
    phase: store.phase.value,
    failure: store.failure.value,
    endpoint: store.ownId.value,
    name: store.ownName.value,
    role: store.role.value,
    moderator: leads(store.role.value),
    policy: store.policy.value,
    knockers: store.knockers.value.map(({ id, name }) => ({ id, name })),
    hands: store.queue.value,
    moderated: [...store.moderated.value],
    approved: [...store.approved.value],
    address: room?.address ?? '',
    media: store.media.value,
    connection: media?.session?.pc.connectionState ?? 'none',
    iceConnection: media?.session?.pc.iceConnectionState ?? 'none',
    channelOpen: store.channelOpen.value,
    dominant: store.dominant.value,
    microphone: store.local.value.microphone !== null,
    camera: store.local.value.camera !== null,
    screen: store.local.value.screen !== null,
    participants: [...store.participants.value.values()].map(({ id, name, role, sources }) => ({
      id,
      name,
      role,
      moderator: leads(role),
      sources: Object.fromEntries(sources),
    })),
    remoteSources: store.tracks.value.map(({ source }) => source),
    sessionId: media?.session?.offer.sid ?? '',
    chat: store.chat.value.map(({ from, body, own }) => ({ from, body, own })),
  };
}
