// After the meeting, or when it cannot go on: what happened, and the way back.
import { useCall } from './context';

export function EndPage({ onRejoin }: { onRejoin: () => void }) {
  const { store } = useCall();
  const failed = store.phase.value === 'failed';
  return (
    <main class="centre" data-testid={failed ? 'failed-page' : 'left-page'}>
      <section class="card card-narrow" aria-live="polite">
        <h1>{failed ? 'You are not in the meeting' : 'You have left the meeting'}</h1>
        {failed && (
          <p role="alert" data-testid="failure">
            {store.failure.value}
          </p>
        )}
        <button type="button" class="button" autoFocus onClick={onRejoin} data-testid="rejoin-button">
          Join again
        </button>
        <a class="link" href="/">
          Another room
        </a>
      </section>
    </main>
  );
}
