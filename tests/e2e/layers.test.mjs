// A receiver gets the size that it asks for.
import assert from 'node:assert/strict';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';
import { until } from './support/until.mjs';

const home = house();

home.test('who asks for 180, then 720, then 180, again and again, gets it within five seconds each and without a freeze', async () => {
  const [ada, bea] = await home.gather(home.room('layers'), 'Ada', 'Bea');
  await bea.sees([camera(ada)]);
  for (const height of [180, 720, 180, 720, 180, 720, 180]) {
    await bea.forgetPictures();
    await bea.wish(camera(ada), height);
    const { seconds } = await until(`a picture of ${height} lines`, async () => (await bea.picture(camera(ada)))?.height === height, 15);
    assert.ok(seconds <= 5, `${height} lines took ${seconds} s`);
    const { longest } = await bea.picture(camera(ada));
    assert.ok(longest < 500, `the picture stood still for ${longest} ms on the way to ${height} lines`);
  }
});
