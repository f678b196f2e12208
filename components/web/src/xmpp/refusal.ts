// Why a room does not let us in (client.md §7), and where it sends us to wait.
import { NS } from './ns';
import { StanzaError } from './stanza_error';
import { bareJid, child, text } from './xml';

export interface Refusal {
  error: StanzaError;
  /** Address of the lobby; '' where there is none. */
  lobby: string;
  /** No host is there yet: nobody could let us in. */
  noHost: boolean;
  nameWanted: boolean;
}

export function parseRefusal(presence: Element): Refusal {
  const error = child(presence, 'error');
  // COMPAT(Jitsi): the address of the lobby stands beside the error, too.
  const lobby = (error && child(error, 'lobbyroom')) ?? child(presence, 'lobbyroom');
  const has = (name: string) => error !== undefined && child(error, name, NS.jitmeet) !== undefined;
  return {
    error: StanzaError.from(presence),
    lobby: bareJid(text(lobby).trim()),
    noHost: has('waiting-for-host'),
    nameWanted: has('displayname-required'),
  };
}
