// The chat: text nodes only, whatever somebody writes.
import { useEffect, useRef, useState } from 'preact/hooks';
import { leads } from '../state/rights';
import { CHAT_LIMIT, charactersLeft, cleanMessage } from '../state/text';
import { useCall } from './context';
import { SendIcon } from './icons';
import { Panel } from './panel';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function Chat({ onClose }: { onClose: () => void }) {
  const { store } = useCall();
  const lines = store.chat.value;
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: 'end' }), [lines]);
  return (
    <Panel title="Chat" testId="chat" onClose={onClose}>
      <div class="panel-body" role="log" aria-label="Messages" tabIndex={0}>
        <ol class="chat-lines">
          {lines.length === 0 && (
            <li class="muted small">Messages are seen by everybody here, and kept by nobody.</li>
          )}
          {lines.map((line, index) => {
            const before = lines[index - 1];
            const continued = before?.from === line.from && before.onlyTo === line.onlyTo;
            return (
              <li
                key={line.key}
                class={`line${line.own ? ' line-own' : ''}${line.onlyTo ? ' line-private' : ''}`}
                data-testid="chat-message"
                data-from={line.from}
                data-private={line.onlyTo !== ''}
              >
                {!continued && (
                  <p class="line-head">
                    <span class="line-name" data-testid="chat-name">
                      {line.name}
                    </span>
                    {line.onlyTo && <span class="tag">only to {line.own ? line.onlyTo : 'you'}</span>}
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
    </Panel>
  );
}

/** Whom one may write to: everybody, somebody, nobody. */
function useAddressees(): { id: string; label: string }[] {
  const { store } = useCall();
  const everybody = store.can('chat') ? [{ id: '', label: 'Everybody' }] : [];
  if (!store.can('private_chat')) return everybody;
  const people = [...store.participants.value.values()];
  people.sort((a, b) => Number(leads(b.role)) - Number(leads(a.role)));
  return [...everybody, ...people.map(({ id }) => ({ id, label: store.nameOf(id) }))];
}

function Composer() {
  const call = useCall();
  const { store } = call;
  const [draft, setDraft] = useState('');
  const addressees = useAddressees();
  const to = addressees.find(({ id }) => id === store.chatTo.value) ?? addressees[0];
  if (!to) return <p class="composer muted small">Writing is switched off in this meeting.</p>;

  const left = charactersLeft(draft);
  const sendable = cleanMessage(draft) !== '' && left >= 0 && store.phase.value === 'joined';
  const send = () => {
    if (!sendable) return;
    call.sendChat(draft, to.id);
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
      {addressees.length > 1 && (
        <label class="composer-to">
          <span class="muted small">To</span>
          <select
            value={to.id}
            onChange={(event) => (store.chatTo.value = event.currentTarget.value)}
            data-testid="chat-to"
          >
            {addressees.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      <textarea
        data-first
        rows={2}
        aria-label="Message"
        aria-describedby="chat-count"
        placeholder={to.id ? `Only to ${to.label}` : 'Write to everybody'}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="chat-input"
      />
      <span id="chat-count" class={left < 0 ? 'count count-over' : 'count'} data-testid="chat-count">
        {CHAT_LIMIT - left} of {CHAT_LIMIT}
      </span>
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
