// How a meeting shall be, as a choice of three.
import { PRESETS, type PresetName } from '../../state/presets';

interface PresetChoiceProps {
  chosen: PresetName;
  onChoose: (name: PresetName) => void;
}

export function PresetChoice({ chosen, onChoose }: PresetChoiceProps) {
  return (
    <fieldset class="choice">
      <legend>How shall it be?</legend>
      {PRESETS.map(({ name, label, summary }) => (
        <label class="option" key={name}>
          <input
            type="radio"
            name="preset"
            checked={name === chosen}
            onChange={() => onChoose(name)}
            data-testid={`preset-${name}`}
          />
          <span>
            <strong>{label}</strong>
            <small class="muted">{summary}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
