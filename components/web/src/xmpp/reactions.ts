// Reactions to what happens in the meeting: one of a few emoji, to everybody (XEP-0444, without a message that it is about).
// They pass the room, so that the server can hold them back; Jitsi's own page sends its reactions past it, by the bridge.
import { NS } from './ns';
import { child, children, el, text } from './xml';

export const REACTIONS = {
  like: '👍',
  clap: '👏',
  laugh: '😂',
  love: '❤️',
  surprised: '😮',
  boo: '👎',
} as const;
export type Reaction = keyof typeof REACTIONS;

const MOST_AT_ONCE = 5;
const BY_EMOJI = new Map(Object.entries(REACTIONS).map(([name, emoji]) => [emoji, name as Reaction]));

export const reactionMessage = (room: string, reaction: Reaction): Element =>
  el(
    'message',
    { to: room, type: 'groupchat' },
    el('reactions', { xmlns: NS.reactions, id: 'meeting' }, el('reaction', {}, REACTIONS[reaction])),
  );

export function parseReactions(message: Element): Reaction[] {
  const reactions = child(message, 'reactions', NS.reactions);
  const all = reactions ? children(reactions, 'reaction') : [];
  return all
    .slice(0, MOST_AT_ONCE)
    .map((reaction) => BY_EMOJI.get(text(reaction) as (typeof REACTIONS)[Reaction]))
    .filter((known) => known !== undefined);
}
