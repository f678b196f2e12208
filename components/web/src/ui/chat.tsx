// The chat: text nodes only, whatever somebody writes.
import { useEffect, useRef, useState } from 'preact/hooks';
import { charactersLeft, cleanMessage } from '../state/text';
import { useCall } from './context';
import { CloseIcon, SendIcon } from './icons';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const SHOW_COUNT_BELOW = 100;

export function Chat({ onClose }: { onClose: () => void }) {
  const { store } = useCall();
  const lines = store.chat.value;
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: 'end' }), [lines]);
  return (
    <aside
      class="chat"
      aria-label="Chat"
      data-testid="chat-panel"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header class="chat-head">
        <h2>Chat</h2>
        <button
          type="button"
          class="icon-button"
          aria-label="Close chat"
          onClick={onClose}
          data-testid="chat-close"
        >
          <CloseIcon />
        </button>
      </header>
      <div class="chat-lines" role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {lines.length === 0 && (
            <li class="muted chat-empty">Messages are seen by everybody here, and kept by nobody.</li>
          )}
          {lines.map((line, index) => {
            const continued = lines[index - 1]?.from === line.from;
            return (
              <li
                key={line.key}
                class={`line${line.own ? ' line-own' : ''}`}
                data-testid="chat-message"
                data-from={line.from}
              >
                {!continued && (
                  <p class="line-head">
                    <span class="line-name" data-testid="chat-name">
                      {line.name}
                    </span>
                    <time class="muted">{TIME.format(line.at)}</time>
                  </p>
                )}
                <p class="line-body" data-testid="chat-body">
                  {line.body}
                </p>
              </li>
            );
          })}
          <li ref={end} aria-hidden="true" />
        </ol>
      </div>
      <Composer />
    </aside>
  );
}

function Composer() {
  const call = useCall();
  const [draft, setDraft] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const left = charactersLeft(draft);
  const sendable = cleanMessage(draft) !== '' && left >= 0 && call.store.phase.value === 'joined';
  // The keyboard goes to the draft, and back to where it was when the chat closes.
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    input.current?.focus();
    return () => before?.focus();
  }, []);
  const send = () => {
    if (!sendable) return;
    call.sendChat(draft);
    setDraft('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={input}
        rows={2}
        aria-label="Message"
        placeholder="Write to everybody"
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="chat-input"
      />
      {left < SHOW_COUNT_BELOW && (
        <span class={left < 0 ? 'count count-over' : 'count'} role="status">
          {left}
        </span>
      )}
      <button
        type="submit"
        class="icon-button"
        aria-label="Send"
        disabled={!sendable}
        data-testid="chat-send"
      >
        <SendIcon />
      </button>
    </form>
  );
}
