// Nonsense at every door changes nothing for those who are in a call.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';

const home = house();

const STUN_REQUEST = Buffer.from('000100002112a442', 'hex');
const FIRST_BYTES = [0x00, 0x01, 0x14, 0x16, 0x17, 0x80, 0x81, 0x90, 0xbf]; // STUN, DTLS, RTP and RTCP

function datagram() {
  const noise = randomBytes(randomInt(0, 1400));
  if (noise.length > 20 && randomInt(4) === 0) STUN_REQUEST.copy(noise);
  else if (noise.length > 0) noise[0] = FIRST_BYTES[randomInt(FIRST_BYTES.length)];
  return noise;
}

async function throwDatagrams(port, count) {
  const socket = dgram.createSocket('udp4');
  for (let i = 0; i < count; i++) await new Promise((resolve) => socket.send(datagram(), port, '127.0.0.1', resolve));
  await new Promise((resolve) => socket.close(resolve));
}

/** Signs in as a guest over a WebSocket of its own and sends each stanza; resolves with the kinds of the answers. */
const sendStanzas = (page, facts, stanzas) =>
  page.evaluate(
    ([url, domain, list]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, 'xmpp');
        const open = `<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${domain}' version='1.0'/>`;
        const answers = [];
        let signedIn = false;
        socket.onopen = () => socket.send(open);
        socket.onclose = () => resolve(answers);
        socket.onmessage = ({ data }) => {
          if (data.includes(':features') && !signedIn) socket.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
          else if (data.includes('<success')) [signedIn] = [true, socket.send(open)];
          else if (data.includes(':features')) socket.send("<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
          else if (data.includes("id='bind'") || data.includes('id="bind"')) list.forEach((stanza) => socket.send(stanza));
          else if (data.startsWith('<iq')) answers.push(data);
          if (answers.length === list.length) socket.close();
        };
        setTimeout(() => socket.close(), 5000);
      }),
    [facts.websocket, facts.guest_domain, stanzas],
  );

home.test('datagrams and stanzas without sense leave a call alone', async () => {
  const { facts } = home.stack;
  const [ada, bea] = await home.gather(home.room('garbage'), 'Ada', 'Bea');
  await ada.sees([camera(bea)]);
  await bea.sees([camera(ada)]);
  const before = await home.stack.services();
  for (const person of [ada, bea]) await person.forgetPictures();

  await throwDatagrams(facts.ports.media, 5000);
  const iq = (to, type, id, payload) => `<iq xmlns='jabber:client' to='${to}' type='${type}' id='${id}'>${payload}</iq>`;
  const room = `${home.room('x')}@${facts.muc}`;
  const answers = await sendStanzas(ada.page, facts, [
    iq(facts.focus, 'set', '1', "<conference xmlns='http://jitsi.org/protocol/focus'/>"),
    iq(facts.focus, 'set', '2', "<conference xmlns='http://jitsi.org/protocol/focus' room='@@@'/>"),
    iq(facts.focus, 'set', '3', `<conference xmlns='http://jitsi.org/protocol/focus' room='${room}/nick'><property/></conference>`),
    iq(facts.focus, 'get', '4', "<unknown xmlns='urn:example'/>"),
    iq(facts.focus, 'set', '5', "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='none'/>"),
    iq(`${facts.focus_user}/focus`, 'set', '6', "<jingle xmlns='urn:xmpp:jingle:1' action='nonsense'/>"),
    iq(`${facts.focus_user}/focus`, 'get', '7', "<conference-modify xmlns='jitsi:colibri2'/>"),
    iq(facts.focus_user, 'get', '8', "<unknown xmlns='urn:example'/>"),
  ]);
  assert.equal(answers.length, 8, 'every request is answered');
  for (const answer of answers) assert.match(answer, /type=['"](error|result)['"]/);

  await ada.sees([camera(bea)], 5);
  await bea.sees([camera(ada)], 5);
  for (const person of [ada, bea]) for (const { longest } of await person.pictures()) assert.ok(longest < 1000, `${longest} ms without a frame`);
  assert.deepEqual(await home.stack.services(), before, 'no service ended');
});
