// Who may do what: the table of the server, for showing. The server enforces it, whatever a page believes.

/** What a host can switch off for participants and viewers, by the names that the server knows. */
export const RIGHTS = [
  'microphone',
  'camera',
  'screen',
  'chat',
  'private_chat',
  'reactions',
  'raise_hand',
  'rename',
] as const;
export type Right = (typeof RIGHTS)[number];
export type Policy = Readonly<Record<Right, boolean>>;

export type Role = 'host' | 'cohost' | 'participant' | 'viewer';

export const EVERYTHING: Policy = {
  microphone: true,
  camera: true,
  screen: true,
  chat: true,
  private_chat: true,
  reactions: true,
  raise_hand: true,
  rename: true,
};

const SENDING: readonly Right[] = ['microphone', 'camera', 'screen'];

/** Admits from the lobby, silences others. */
export const leads = (role: Role): boolean => role === 'host' || role === 'cohost';

export function may(role: Role, right: Right, policy: Policy): boolean {
  if (leads(role)) return true;
  if (role === 'viewer' && SENDING.includes(right)) return false;
  return policy[right];
}

/** The focus names what is switched off, separated by spaces; what it does not name is given. */
export function parsePolicy(off: string): Policy {
  const names = off.split(' ');
  return Object.fromEntries(RIGHTS.map((right) => [right, !names.includes(right)])) as Policy;
}

/** XEP-0045's affiliation and role: only the focus makes owners, only they make admins and visitors. */
export function roleOf(affiliation: string, role: string): Role {
  if (affiliation === 'owner') return 'host';
  if (affiliation === 'admin') return 'cohost';
  return role === 'visitor' ? 'viewer' : 'participant';
}

export const roleLabel = (role: Role): string =>
  ({ host: 'Host', cohost: 'Co-host', participant: 'Participant', viewer: 'Viewer' })[role];
