// The page at `/`: asks for a room name and goes there.
import { useState } from 'preact/hooks';
import { roomName } from '../config';

export function RoomPicker() {
  const [typed, setTyped] = useState('');
  const room = roomName(typed);
  const open = (event: Event) => {
    event.preventDefault();
    if (room) location.assign(`/${encodeURIComponent(room)}`);
  };
  return (
    <main class="centre" data-testid="room-page">
      <form class="card card-narrow" onSubmit={open}>
        <h1 class="brand">Cloister</h1>
        <p class="muted">Meetings that leave nothing behind.</p>
        <label class="field">
          <span>Room name</span>
          <input
            autoFocus
            autoComplete="off"
            spellcheck={false}
            maxLength={100}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            data-testid="room-name-input"
          />
        </label>
        <button type="submit" class="button" disabled={!room} data-testid="room-open">
          Go to the room
        </button>
      </form>
    </main>
  );
}
