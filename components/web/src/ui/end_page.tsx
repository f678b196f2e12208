// After the meeting, or when it cannot go on: what happened, and the way back where there is one.
import type { Phase } from '../state/store';
import { useCall } from './context';

const TITLES: Partial<Record<Phase, string>> = {
  left: 'You have left the meeting',
  removed: 'A host removed you from the meeting',
  ended: 'The meeting has ended',
  failed: 'You are not in the meeting',
};

export function EndPage({ onRejoin }: { onRejoin: () => void }) {
  const { store } = useCall();
  const phase = store.phase.value;
  const failure =
    phase === 'removed'
      ? [store.failure.value, 'You cannot come back while it lasts.'].filter(Boolean).join(' · ')
      : store.failure.value;
  return (
    <main class="centre" data-testid={`${phase}-page`}>
      <section class="card card-narrow" aria-live="polite">
        <h1>{TITLES[phase]}</h1>
        {failure && (
          <p role="alert" data-testid="failure">
            {failure}
          </p>
        )}
        {phase !== 'removed' && (
          <button type="button" class="button" autoFocus onClick={onRejoin} data-testid="rejoin-button">
            Join again
          </button>
        )}
        <a class="link" href="/">
          {phase === 'removed' ? 'To the start page' : 'Another meeting'}
        </a>
      </section>
    </main>
  );
}
