// What those who lead a meeting ask of the room (XEP-0045 §8–10) and of the components beside it (client.md §15–18).
import type { MuteKind } from './mute';
import { NS } from './ns';
import { el } from './xml';

export const removal = (id: string, reason: string): Element =>
  el(
    'query',
    { xmlns: NS.mucAdmin },
    el('item', { nick: id, role: 'none' }, reason ? el('reason', {}, reason) : undefined),
  );

/** A viewer neither speaks nor shows anything. */
export const voice = (id: string, given: boolean): Element =>
  el('query', { xmlns: NS.mucAdmin }, el('item', { nick: id, role: given ? 'participant' : 'visitor' }));

export const affiliation = (bareJid: string, value: 'admin' | 'member'): Element =>
  el('query', { xmlns: NS.mucAdmin }, el('item', { jid: bareJid, affiliation: value }));

/** The fields that change; the room keeps the others. */
export const roomConfig = (fields: Record<string, string>): Element =>
  el(
    'query',
    { xmlns: NS.mucOwner },
    el(
      'x',
      { xmlns: NS.form, type: 'submit' },
      field('FORM_TYPE', NS.roomConfig),
      ...Object.entries(fields).map(([name, value]) => field(name, value)),
    ),
  );

const field = (name: string, value: string): Element => el('field', { var: name }, el('value', {}, value));

export const lobbyConfig = (on: boolean): Element =>
  roomConfig({ 'muc#roomconfig_membersonly': on ? '1' : '0' });

export const passwordConfig = (password: string): Element =>
  roomConfig({
    'muc#roomconfig_roomsecret': password,
    'muc#roomconfig_passwordprotectedroom': password ? '1' : '0',
  });

/** Lets somebody in who waits in the lobby: a mediated invitation to the full address. */
export const admission = (room: string, fullJids: readonly string[]): Element =>
  el('message', { to: room }, el('x', { xmlns: NS.mucUser }, ...fullJids.map((to) => el('invite', { to }))));

/** The component knows the room from the session; its elements, and the next ones, have no namespace of their own. */
export const endConference = (component: string): Element =>
  el('message', { to: component }, el('end_conference'));

export const moderate = (component: string, kind: MuteKind, enable: boolean): Element =>
  el('message', { to: component }, el('av_moderation', { enable: String(enable), mediaType: kind }));

/** Allows one person to switch on what is moderated, or takes it back. */
export const allow = (component: string, kind: MuteKind, occupant: string, allowed: boolean): Element =>
  el(
    'message',
    { to: component },
    el('av_moderation', {
      mediaType: kind,
      [allowed ? 'jidToWhitelist' : 'jidToBlacklist']: occupant,
    }),
  );

export const metadata = (component: string, room: string, key: string, data: unknown): Element =>
  el(
    'message',
    { to: component },
    el('room_metadata', { xmlns: NS.jitmeet, room }, JSON.stringify({ key, data, type: 'room_metadata' })),
  );
