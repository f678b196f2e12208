// The column beside the meeting: a title, a way out (Escape, too), whatever it holds.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons';

interface PanelProps {
  title: string;
  /** `chat` gives `chat-panel` and `chat-close`. */
  testId: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Panel({ title, testId, onClose, children }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  // The keyboard comes along, and goes back to where it was when the panel closes.
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const first = panel.current?.querySelector<HTMLElement>('[data-first]') ?? panel.current;
    first?.focus();
    return () => before?.focus();
  }, []);
  return (
    <aside
      ref={panel}
      class="panel"
      aria-label={title}
      tabIndex={-1}
      data-testid={`${testId}-panel`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header class="panel-head">
        <h2>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={`Close ${title.toLowerCase()}`}
          onClick={onClose}
          data-testid={`${testId}-close`}
        >
          <CloseIcon />
        </button>
      </header>
      {children}
    </aside>
  );
}
