// IQs that others send us: a table from payload to handler. What is not here is refused (RFC 6120 §8.2.3).
import { discoInfo } from '../xmpp/caps';
import { parseOffer } from '../xmpp/jingle_offer';
import { parseMute } from '../xmpp/mute';
import { NS } from '../xmpp/ns';
import { parseSources } from '../xmpp/sources';
import { StanzaError } from '../xmpp/stanza_error';
import { attr, el, namespaceOf } from '../xmpp/xml';
import type { Call } from './call';

/** The payload of the result, if it has one. */
export function answerRequest(
  call: Call,
  features: string[],
  iq: Element,
  payload: Element,
): Element | undefined {
  switch (`${attr(iq, 'type')} ${payload.localName} ${namespaceOf(payload)}`) {
    case `get query ${NS.discoInfo}`:
      return discoInfo(features, attr(payload, 'node'));
    case `set jingle ${NS.jingle}`:
      onJingle(call, iq, payload);
      return undefined;
    case `set mute ${NS.muteAudio}`:
    case `set mute ${NS.muteVideo}`:
    case `set mute ${NS.muteDesktop}`:
      onMute(call, iq, payload);
      return undefined;
    default:
      throw new StanzaError('service-unavailable');
  }
}

function onMute(call: Call, iq: Element, payload: Element): void {
  const mute = parseMute(payload);
  if (!mute || !call.room?.isFromFocus(iq)) throw new StanzaError('not-allowed');
  call.devices.onMuted(mute.kind, mute.actor);
}

/** Acknowledged at once: the work that follows takes longer than an answer should (client.md §8). */
function onJingle(call: Call, iq: Element, jingle: Element): void {
  const { room, media } = call;
  if (!room?.isFromFocus(iq) || !media) throw unknownSession();
  const sid = attr(jingle, 'sid');
  if (attr(jingle, 'action') === 'session-initiate') return onInitiate(media, sid, jingle);
  if (media.session?.offer.sid !== sid) throw unknownSession();
  switch (attr(jingle, 'action')) {
    case 'source-add':
    case 'addsource':
      return media.putSources(parseSources(jingle));
    case 'source-remove':
    case 'removesource':
      return media.removeSources(parseSources(jingle));
    case 'session-terminate':
      return media.terminated(sid);
    case 'transport-info':
    case 'session-info':
      return;
    default:
      throw new StanzaError('bad-request', '', 'modify');
  }
}

function onInitiate(media: NonNullable<Call['media']>, sid: string, jingle: Element): void {
  if (media.session?.offer.sid === sid) throw new StanzaError('service-unavailable');
  const offer = parseOffer(jingle);
  if (!offer) throw new StanzaError('bad-request', 'unusable offer', 'modify');
  void media.accept(offer);
}

const unknownSession = (): StanzaError =>
  new StanzaError('item-not-found', '', 'cancel', el('unknown-session', { xmlns: NS.jingleErrors }));
