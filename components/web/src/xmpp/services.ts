// What the server can do beside rooms (client.md §5): addresses of its components, by type of identity. What it does not
// name does not exist, and the page does not offer it.
import type { XmppConnection } from './connection';
import { NS } from './ns';
import { attr, child, children, el, text } from './xml';

export interface Services {
  avModeration?: string;
  roomMetadata?: string;
  endConference?: string;
  lobby?: string;
}

const TYPES: Readonly<Record<string, keyof Services>> = {
  av_moderation: 'avModeration',
  room_metadata: 'roomMetadata',
  end_conference: 'endConference',
  lobbyrooms: 'lobby',
};

export async function discoverServices(xmpp: XmppConnection, domain: string): Promise<Services> {
  const answer = await xmpp.request('get', domain, el('query', { xmlns: NS.discoInfo }));
  const found: Services = {};
  for (const identity of identities(answer)) {
    const service = TYPES[attr(identity, 'type')];
    if (service && attr(identity, 'name')) found[service] = attr(identity, 'name');
  }
  return found;
}

/** What a room says of itself. */
export interface RoomInfo {
  password: boolean;
  membersOnly: boolean;
  /** Address of the room where people wait to be let in; '' where there is none. */
  lobbyRoom: string;
}

export async function roomInfo(xmpp: XmppConnection, room: string): Promise<RoomInfo> {
  const answer = await xmpp.request('get', room, el('query', { xmlns: NS.discoInfo }));
  const query = child(answer, 'query', NS.discoInfo);
  const features = query ? children(query, 'feature').map((feature) => attr(feature, 'var')) : [];
  return {
    password: features.includes('muc_passwordprotected'),
    membersOnly: features.includes('muc_membersonly'),
    lobbyRoom: query ? formField(query, 'muc#roominfo_lobbyroom') : '',
  };
}

const identities = (answer: Element): Element[] => {
  const query = child(answer, 'query', NS.discoInfo);
  return query ? children(query, 'identity') : [];
};

function formField(query: Element, name: string): string {
  const form = child(query, 'x', NS.form);
  const field = form && children(form, 'field').find((each) => attr(each, 'var') === name);
  return field ? text(child(field, 'value')) : '';
}
