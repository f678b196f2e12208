// The visible connection state, in words and a dot.
import { useComputed } from '@preact/signals';
import type { Store } from '../state/store';
import { useCall } from './context';

type Mood = 'good' | 'busy' | 'bad';

function describe(store: Store): { text: string; mood: Mood } {
  const phase = store.phase.value;
  if (phase !== 'joined' && store.trouble.value) return { text: store.trouble.value, mood: 'bad' };
  if (phase === 'connecting') return { text: 'Joining…', mood: 'busy' };
  if (phase === 'reconnecting') return { text: 'Connection lost. Reconnecting…', mood: 'bad' };
  if (store.noBridge.value) return { text: 'Waiting for a media server…', mood: 'bad' };
  if (store.participants.value.size === 0) return { text: 'Nobody else is here yet', mood: 'good' };
  switch (store.media.value) {
    case 'connected':
      return { text: 'Connected', mood: 'good' };
    case 'interrupted':
      return { text: 'Media interrupted. Reconnecting…', mood: 'bad' };
    default:
      return { text: 'Connecting media…', mood: 'busy' };
  }
}

export function Status() {
  const { store } = useCall();
  const state = useComputed(() => describe(store)).value;
  return (
    <p
      class={`status status-${state.mood}`}
      role="status"
      data-testid="connection-state"
      data-phase={store.phase.value}
      data-media={store.media.value}
      data-channel={store.channelOpen.value ? 'open' : 'closed'}
    >
      <span class="status-text">{state.text}</span>
    </p>
  );
}
