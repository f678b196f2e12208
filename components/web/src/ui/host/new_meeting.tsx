// A new meeting: its name, how it shall be, and what to send to the guests.
import { useSignal } from '@preact/signals';
import { randomName, readableName } from '../../state/meeting_link';
import type { PresetName } from '../../state/presets';
import { InvitationView } from './invitation_view';
import { PresetChoice } from './preset_choice';

interface NewMeetingProps {
  user: string;
  onStart: (room: string, preset: PresetName) => void;
}

export function NewMeeting({ user, onStart }: NewMeetingProps) {
  const readable = useSignal(false);
  const preset = useSignal<PresetName>('classroom');
  const room = useSignal(randomName());
  const choose = (words: boolean) => {
    readable.value = words;
    room.value = words ? readableName() : randomName();
  };
  return (
    <div class="stack" data-testid="new-meeting">
      <fieldset class="choice">
        <legend>What kind of link?</legend>
        <label class="option">
          <input
            type="radio"
            name="kind"
            checked={!readable.value}
            onChange={() => choose(false)}
            data-testid="kind-random"
          />
          <span>
            <strong>Random letters</strong>
            <small class="muted">To send. Nobody can guess it.</small>
          </span>
        </label>
        <label class="option">
          <input
            type="radio"
            name="kind"
            checked={readable.value}
            onChange={() => choose(true)}
            data-testid="kind-words"
          />
          <span>
            <strong>Words</strong>
            <small class="muted">To read out on the telephone. The lobby is always on.</small>
          </span>
        </label>
      </fieldset>
      <PresetChoice chosen={preset.value} onChoose={(name) => (preset.value = name)} />
      <InvitationView room={room.value} host={user} />
      <div class="buttons">
        <button
          type="button"
          class="button"
          onClick={() => onStart(room.value, preset.value)}
          data-testid="start-meeting"
        >
          Go to the meeting
        </button>
        <button
          type="button"
          class="text-button"
          onClick={() => choose(readable.value)}
          data-testid="another-link"
        >
          Another link
        </button>
      </div>
    </div>
  );
}
