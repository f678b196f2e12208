// Reactions: choosing one, and those that rise over the pictures.
import { REACTIONS, type Reaction } from '../xmpp/reactions';
import { useCall } from './context';

export function ReactionPicker({ onPick }: { onPick: (reaction: Reaction) => void }) {
  return (
    <div class="picker" role="group" aria-label="Reactions" data-testid="reaction-picker">
      {(Object.keys(REACTIONS) as Reaction[]).map((reaction) => (
        <button
          type="button"
          class="picker-button"
          key={reaction}
          aria-label={reaction}
          title={reaction}
          onClick={() => onPick(reaction)}
          data-testid={`reaction-${reaction}`}
        >
          {REACTIONS[reaction]}
        </button>
      ))}
    </div>
  );
}

/** Where each rises: spread by its number, so that two do not cover each other. */
const PLACES = 7;

export function ReactionsShown() {
  const { store } = useCall();
  return (
    <div class="risers" role="log" aria-label="Reactions">
      {store.reactions.value.map(({ key, from, reaction }) => (
        <p class="riser" key={key} style={{ '--place': String(key % PLACES) }} data-testid="reaction">
          <span aria-hidden="true">{REACTIONS[reaction]}</span>
          <span class="riser-name">
            <span class="unseen">{reaction}: </span>
            {store.nameOf(from)}
          </span>
        </p>
      ))}
    </div>
  );
}
