// How a meeting starts: sets of switches for common occasions.
import { EVERYTHING, type Policy } from './rights';

export type PresetName = 'open' | 'classroom' | 'confidential';

export interface Preset {
  name: PresetName;
  label: string;
  /** For the one who chooses. */
  summary: string;
  policy: Policy;
  lobby: boolean;
  /** Participants come in silent and ask before they speak. */
  moderated: boolean;
}

export const PRESETS: readonly Preset[] = [
  {
    name: 'open',
    label: 'Open',
    summary: 'Who has the link comes in and may do everything but lead.',
    policy: EVERYTHING,
    lobby: false,
    moderated: false,
  },
  {
    name: 'classroom',
    label: 'Classroom',
    summary:
      'You let everybody in. Pupils raise their hand before they speak; no shared screens, no private chat, no new names.',
    policy: { ...EVERYTHING, screen: false, private_chat: false, rename: false },
    lobby: true,
    moderated: true,
  },
  {
    name: 'confidential',
    label: 'Confidential',
    summary: 'You let everybody in, and they keep the name you saw at the door. No private chat.',
    policy: { ...EVERYTHING, private_chat: false, rename: false },
    lobby: true,
    moderated: false,
  },
];

export const presetOf = (name: string): Preset | undefined => PRESETS.find((preset) => preset.name === name);
