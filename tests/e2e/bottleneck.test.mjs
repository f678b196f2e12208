// A narrow line takes the least important away first, and gives everything back.
import assert from 'node:assert/strict';
import { Bottleneck } from './support/bottleneck.mjs';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';
import { observe, until } from './support/until.mjs';

const home = house();

// Checklist: 160, 163, 165
home.test('at 500 kbit/s the stage goes on, thumbnails rest first, sound never breaks; then 720 lines again within ten seconds', async () => {
  const [ada, bea, cleo, dora] = await home.gather(home.room('narrow'), 'Ada', 'Bea', 'Cleo', 'Dora');
  await dora.toggle('camera');
  await dora.sees([ada, bea, cleo].map(camera));
  await dora.pin(ada);
  const stage = async () => (await dora.picture(camera(ada))) ?? { height: 0, frames: 0 };
  await until('720 lines on the stage', async () => (await stage()).height === 720, 30);

  const { bridge, own } = await dora.path();
  const line = await Bottleneck.between(bridge, own, 500);
  await until('the stage gives way', async () => (await stage()).height < 720, 10);
  await observe(3);
  await dora.forgetPictures();
  const before = await dora.sound();
  await observe(15);
  const seen = await dora.pictures();
  const sound = await dora.sound();

  const onStage = seen.find((picture) => picture.source === camera(ada));
  assert.ok(onStage?.frames > 15 * 4, `${onStage?.frames} frames on the stage`);
  assert.ok(onStage.longest < 1500, `the stage stood still for ${Math.round(onStage.longest)} ms`);
  for (const thumbnail of [bea, cleo]) {
    const picture = seen.find(({ source }) => source === camera(thumbnail));
    assert.ok((picture?.frames ?? 0) <= onStage.frames, 'a thumbnail is not better off than the stage');
  }
  assert.ok(sound.packets - before.packets > 15 * 40 * 3, 'three voices arrive');
  assert.ok(sound.lost - before.lost <= 0.02 * (sound.packets - before.packets), `${sound.lost - before.lost} packets of sound were lost`);

  await line.open();
  const { seconds } = await until('720 lines again', async () => (await stage()).height === 720, 30);
  assert.ok(seconds <= 10, `it took ${seconds} s`);
});
