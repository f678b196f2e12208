// What the server's components tell (client.md §5): JSON in a message from exactly their address. What does not read is
// no message.
import type { MuteKind } from './mute';
import { NS } from './ns';
import { child, text } from './xml';

export type ComponentMessage =
  | { type: 'moderated'; kind: MuteKind; enabled: boolean }
  | { type: 'approved'; kind: MuteKind; approved: boolean }
  | { type: 'allowed'; kind: MuteKind; ids: readonly string[] };

type Fields = Record<string, unknown>;
const KINDS: readonly string[] = ['audio', 'video', 'desktop'];

export function parseComponentMessage(message: Element): ComponentMessage | undefined {
  const fields = parseObject(text(child(message, 'json-message', NS.jitmeet)));
  if (fields?.type !== 'av_moderation' || !KINDS.includes(String(fields.mediaType))) return undefined;
  const kind = fields.mediaType as MuteKind;
  if (typeof fields.enabled === 'boolean') return { type: 'moderated', kind, enabled: fields.enabled };
  if (typeof fields.whitelists === 'object') return { type: 'allowed', kind, ids: allowed(fields, kind) };
  if (fields.approved === true || fields.removed === true)
    return { type: 'approved', kind, approved: fields.approved === true };
  return undefined;
}

function allowed(fields: Fields, kind: MuteKind): string[] {
  const list = object(fields.whitelists)[kind];
  return Array.isArray(list) ? list.map((jid) => String(jid).split('/').slice(1).join('/')) : [];
}

function parseObject(json: string): Fields | undefined {
  try {
    return object(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
