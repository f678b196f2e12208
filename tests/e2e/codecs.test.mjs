// Video in each codec: every receiver gets the height that they ask for, of one stream that is cut for each of them.
import assert from 'node:assert/strict';
import { house } from './support/meeting.mjs';
import { camera, Participant } from './support/participant.mjs';
import { until } from './support/until.mjs';

const home = house();

const codecOf = async (viewer, source) =>
  (await viewer.page.evaluate(() => window.cloister.stats())).find(({ name }) => name === source)?.codec;

async function shows(viewer, source, height, seconds = 15) {
  await until(`${viewer.name} is shown ${height} lines`, async () => (await viewer.picture(source))?.height === height, seconds);
}

/** Frames go on, and none of them took long to come. */
async function flows(viewer, source, still) {
  await viewer.forgetPictures();
  await until(`${viewer.name} is shown frame after frame`, async () => (await viewer.picture(source))?.frames > 20, 15);
  const { longest } = await viewer.picture(source);
  const starved = await viewer.starved();
  assert.ok(longest < still + starved, `the picture stood still for ${longest} ms (the page for ${starved} ms)`);
}

/** One who sends in this codec, and two who only watch. */
async function gather(codec) {
  const room = home.room(codec);
  const ada = await home.join(`${room}?codec=${codec}`, 'Ada');
  const viewers = [await home.join(room, 'Bea'), await home.join(room, 'Cem')];
  for (const viewer of viewers) await viewer.toggle('camera');
  for (const viewer of viewers) await viewer.sees([camera(ada)]);
  return [camera(ada), ...viewers];
}

// Checklist: 104, 145, 146, 147
for (const codec of ['vp8', 'vp9', 'av1']) {
  home.test(`${codec}: two receivers of one camera get 720 and 180 lines, and then the other way around`, async () => {
    const [source, bea, cem] = await gather(codec);
    await until(`the camera sends ${codec}`, async () => (await codecOf(bea, source)) === codec, 10);
    for (const [near, far] of [[bea, cem], [cem, bea], [bea, cem]]) {
      await near.wish(source, 720);
      await far.wish(source, 180);
      await shows(near, source, 720);
      await shows(far, source, 180);
      await flows(near, source, 700);
      await flows(far, source, 700);
    }
  });

  home.test(`${codec}: who asks for 180, 720 and 180 lines gets them`, async () => {
    const [source, bea, cem] = await gather(codec);
    await cem.wish(source, 180);
    for (const height of [180, 720, 180]) {
      await bea.wish(source, height);
      await shows(bea, source, height);
    }
    await flows(bea, source, 700);
  });
}

// docs/decisions/0019: the header takes 20 bytes, 12 and a transport-wide number; the rest is padding, some 7 bytes for large packets.
home.test('vp8: packets are padded to equal sizes, and are decoded', async () => {
  const [source, bea] = await gather('vp8');
  await bea.wish(source, 720);
  await shows(bea, source, 720);
  await flows(bea, source, 700);
  const { overhead } = await bea.picture(source);
  assert.ok(overhead > 22 && overhead < 40, `${overhead} bytes of a packet are header and padding`);
});

/** A browser that has never heard of AV1. */
const withoutAv1 = {
  newContext: async (settings) => {
    const context = await home.browser.newContext(settings);
    await context.addInitScript(() => {
      const all = RTCRtpReceiver.getCapabilities.bind(RTCRtpReceiver);
      RTCRtpReceiver.getCapabilities = (kind) => {
        const { codecs, ...rest } = all(kind);
        return { ...rest, codecs: codecs.filter(({ mimeType }) => mimeType !== 'video/AV1') };
      };
    });
    return context;
  },
};

// Checklist: 151
home.test('who comes without AV1 makes the others send something else, and lets them go back on leaving', async () => {
  const room = home.room('mixed');
  const ada = await home.join(`${room}?codec=av1`, 'Ada');
  const bea = await home.join(room, 'Bea');
  const source = camera(ada);
  const plays = (viewer, codec) => until(`${viewer.name} is sent ${codec}`, async () => (await codecOf(viewer, source)) === codec, 15);
  await bea.toggle('camera');
  await bea.sees([source]);
  await plays(bea, 'av1');

  const dan = new Participant('Dan');
  await dan.open(withoutAv1, home.stack.link(room));
  await dan.enter();
  await dan.toggle('camera');
  await dan.sees([source]);
  await plays(bea, 'vp8');
  await flows(bea, source, 700);

  await dan.close();
  await plays(bea, 'av1');
  await flows(bea, source, 700);
});
