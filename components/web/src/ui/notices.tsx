// Short messages that go away by themselves.
import { useCall } from './context';
import { CloseIcon } from './icons';

export function Notices() {
  const { store } = useCall();
  return (
    <div class="notices" role="status" aria-live="polite">
      {store.notices.value.map(({ key, text }) => (
        <p class="notice" key={key} data-testid="notice">
          <span>{text}</span>
          <button type="button" class="notice-close" aria-label="Dismiss" onClick={() => store.dismiss(key)}>
            <CloseIcon />
          </button>
        </p>
      ))}
    </div>
  );
}
