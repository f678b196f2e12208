// Many guests without a browser each: they speak XMPP with their own hands from one page, knock, wait and enter, and send no media.

const STANZA_ERRORS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

export class Crowd {
  /** @param facts of the stack: where everything is. */
  static async open(browser, facts, link) {
    const crowd = new Crowd();
    crowd.context = await browser.newContext({ ignoreHTTPSErrors: true });
    crowd.page = await crowd.context.newPage();
    await crowd.page.goto(link);
    await crowd.page.evaluate(crowdInPage, { ...facts, room: new URL(link).pathname.slice(1), errors: STANZA_ERRORS });
    return crowd;
  }

  arrive(...names) {
    return this.page.evaluate((all) => window.crowd.arrive(all), names);
  }

  /** Lets one that is out try to come in again, under the address that the server knows. */
  comeAgain(name) {
    return this.page.evaluate((which) => window.crowd.comeAgain(which), name);
  }

  /** {name: 'asking' | 'waiting' (for the host) | 'knocking' | 'in' | 'out' | the name of an error} */
  states() {
    return this.page.evaluate(() => window.crowd.states());
  }

  async close() {
    await this.context.close();
  }
}

function crowdInPage({ websocket, guest_domain: domain, muc, focus, room, errors }) {
  const people = new Map();
  const escape = (text) => text.replace(/[&<"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const RETRY_MS = 2000;

  function open(name) {
    const person = { name, state: 'asking', socket: new WebSocket(`${websocket}?room=${room}`, 'xmpp') };
    people.set(name, person);
    const say = (xml) => person.socket.send(xml);
    const hello = () => say(`<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${domain}" version="1.0"/>`);
    person.ask = () => say(`<iq xmlns="jabber:client" type="set" id="conference" to="${focus}">
      <conference xmlns="http://jitsi.org/protocol/focus" room="${room}@${muc}" machine-uid="${crypto.randomUUID()}"/></iq>`);
    person.enter = (place = `${room}@${muc}`) => say(`<presence xmlns="jabber:client" to="${place}/${person.id}">
      <x xmlns="http://jabber.org/protocol/muc"/><stats-id>${person.id}</stats-id>
      <nick xmlns="http://jabber.org/protocol/nick">${escape(name)}</nick></presence>`);
    person.socket.onopen = hello;
    person.socket.onmessage = ({ data }) => {
      const stanza = new DOMParser().parseFromString(data, 'text/xml').documentElement;
      ({ features: onFeatures, success: hello, iq: onIq, presence: onPresence, message: onMessage })[stanza.localName]?.(person, stanza, say);
    };
  }

  function onFeatures(_person, features, say) {
    if (features.getElementsByTagNameNS('*', 'mechanism').length > 0)
      say('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>');
    else say('<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>');
  }

  const conditionOf = (stanza) =>
    [...(stanza.querySelector('error')?.children ?? [])].find((element) => element.namespaceURI === errors)?.localName;

  function onIq(person, iq, say) {
    const [id, from] = [iq.getAttribute('id'), iq.getAttribute('from')];
    if (iq.getAttribute('type') === 'set' || iq.getAttribute('type') === 'get') {
      return say(`<iq xmlns="jabber:client" type="result" id="${escape(id)}" to="${escape(from)}"/>`);
    }
    if (id === 'bind') {
      person.id = iq.querySelector('jid').textContent.slice(0, 8);
      return person.ask();
    }
    if (id !== 'conference') return undefined;
    if (iq.getElementsByTagNameNS('*', 'conference')[0]?.getAttribute('ready') === 'true' && !conditionOf(iq)) return person.enter();
    person.state = 'waiting';
    return setTimeout(person.ask, RETRY_MS);
  }

  function onPresence(person, presence) {
    const [place, id] = presence.getAttribute('from').split('/');
    if (presence.getAttribute('type') === 'error') {
      const lobby = [...presence.getElementsByTagNameNS('*', 'lobbyroom')][0]?.textContent;
      person.state = lobby ? 'knocking' : conditionOf(presence);
      if (lobby) person.enter(lobby);
    } else if (id === person.id && place === `${room}@${muc}`) {
      person.state = presence.getAttribute('type') === 'unavailable' ? 'out' : 'in';
    }
  }

  function onMessage(person, message) {
    if (message.getAttribute('from') === `${room}@${muc}` && message.querySelector('invite')) person.enter();
  }

  window.crowd = {
    arrive: (names) => names.forEach(open),
    comeAgain: (name) => people.get(name).enter(),
    states: () => Object.fromEntries([...people.values()].map(({ name, state }) => [name, state])),
  };
}
