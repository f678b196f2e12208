// Reactions to what happens in the meeting, by the names and in the words of Jitsi's page; they travel as a message to the
// room, so that the server can hold them back.
import { NS } from './ns';
import { child, el, text } from './xml';

export const REACTIONS = {
  like: '👍',
  clap: '👏',
  laugh: '😂',
  love: '❤️',
  surprised: '😮',
  boo: '👎',
} as const;
export type Reaction = keyof typeof REACTIONS;

const TYPE = 'endpoint-reaction';
const MOST_AT_ONCE = 5;

export const reactionMessage = (room: string, reaction: Reaction): Element =>
  el(
    'message',
    { to: room, type: 'groupchat' },
    el(
      'json-message',
      { xmlns: NS.jitmeet },
      JSON.stringify({ type: TYPE, name: TYPE, reactions: [reaction], timestamp: Date.now() }),
    ),
  );

export function parseReactions(message: Element): Reaction[] {
  try {
    return readReactions(JSON.parse(text(child(message, 'json-message', NS.jitmeet))));
  } catch {
    return [];
  }
}

export function readReactions(payload: unknown): Reaction[] {
  const { name, reactions } = (payload ?? {}) as { name?: unknown; reactions?: unknown };
  if (name !== TYPE || !Array.isArray(reactions)) return [];
  return reactions
    .filter((each): each is Reaction => typeof each === 'string' && Object.hasOwn(REACTIONS, each))
    .slice(0, MOST_AT_ONCE);
}
