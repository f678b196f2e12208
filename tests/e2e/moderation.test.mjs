// Silence is silence on the wire, and only a moderator imposes it.
import assert from 'node:assert/strict';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';
import { observe, until } from './support/until.mjs';

const home = house();

/** Resolves once this one receives no sound for half a second. */
const hearsNothing = (person) =>
  until(`${person.name} receives no sound`, async () => {
    const { packets } = await person.sound();
    await observe(0.5);
    return (await person.sound()).packets === packets;
  });

const hears = (person) =>
  until(`${person.name} receives sound`, async () => {
    const { packets } = await person.sound();
    await observe(0.5);
    return (await person.sound()).packets > packets + 10;
  });

home.test('muting stops the packets at the receiver', async () => {
  const [ada, bea] = await home.gather(home.room('mute'), 'Ada', 'Bea');
  await hears(bea);
  await ada.toggle('mic');
  await hearsNothing(bea);
  await ada.toggle('mic');
  await hears(bea);
  await bea.sees([camera(ada)]);
  await ada.toggle('camera');
  await until('no frame of the camera any more', async () => {
    await bea.forgetPictures();
    await observe(0.5);
    const picture = await bea.picture(camera(ada));
    return !picture || picture.frames === 0;
  });
});

// Focus checklist: 168, 169, 170
home.test('a moderator mutes another one; anyone else is refused', async () => {
  const room = home.room('moderator');
  const [ada, bea] = await home.gather(room, 'Ada', 'Bea');
  await hears(ada);
  assert.deepEqual([(await ada.snapshot()).moderator, (await bea.snapshot()).moderator], [true, false], 'the first one moderates');
  await ada.muteOther(bea);
  await hearsNothing(ada);
  assert.equal((await bea.snapshot()).microphone, false, 'the muted one knows');

  const address = `${room}@${home.stack.facts.muc}`;
  const mute = `<mute xmlns="http://jitsi.org/jitmeet/audio" jid="${address}/${ada.id}">true</mute>`;
  assert.match(await bea.ask(`${address}/focus`, mute), /^(not-allowed|forbidden|not-authorized)$/);
  await hears(bea);
});
