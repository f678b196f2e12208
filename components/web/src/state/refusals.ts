// Why the room does not let us in (client.md §7), in words, and which reasons may pass.
import type { StanzaError } from '../xmpp/stanza_error';

/**
 * After a restart the room is not open again before the focus is; a name is taken until the server has noticed that its
 * bearer is gone.
 */
const PASSING = [
  'not-allowed',
  'item-not-found',
  'conflict',
  'internal-server-error',
  'remote-server-timeout',
];

export const mayPass = (error: StanzaError): boolean => PASSING.includes(error.condition);

export function describeRefusal(error: StanzaError): string {
  switch (error.condition) {
    case 'service-unavailable':
      return 'The meeting is full.';
    case 'registration-required':
      return 'This meeting lets only members in.';
    case 'not-allowed':
      return 'You may not enter this meeting.';
    default:
      return error.explanation || 'The meeting could not be entered.';
  }
}

/** Why the server did not pass a message on. */
export function describeChatRefusal(error: StanzaError): string {
  switch (error.condition) {
    case 'not-allowed':
    case 'forbidden':
      return error.explanation || 'Writing is switched off in this meeting.';
    case 'policy-violation':
    case 'resource-constraint':
      return error.explanation || 'That was too long, or too much at once. Please wait a little.';
    default:
      return error.explanation || 'Your message was not delivered.';
  }
}
