// Services die and come back; people do not have to do anything.
import assert from 'node:assert/strict';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';
import { until } from './support/until.mjs';

const home = house();

const newPid = (service, old) =>
  until(`${service} runs again`, async () => {
    const { pid } = (await home.stack.services())[service];
    return pid && pid !== old;
  });

// Focus checklist: 162
home.test('media flow again within 15 s after the bridge was killed', async () => {
  const [ada, bea] = await home.gather(home.room('bridge'), 'Ada', 'Bea');
  await ada.sees([camera(bea)]);
  await bea.sees([camera(ada)]);
  const start = Date.now();
  const old = await home.stack.kill('cloister-bridge');
  await newPid('cloister-bridge', old);
  assert.ok(Date.now() - start < 1500, 'the stack starts it again at once');
  for (const person of [ada, bea]) await person.forgetPictures();
  await ada.sees([camera(bea)], 15);
  await bea.sees([camera(ada)], 15 - (Date.now() - start) / 1000 + 1);
});

// Focus checklist: 9, 10
home.test('new calls work after Prosody was restarted', async () => {
  await newPid('prosody', await home.stack.kill('prosody', 'SIGTERM'));
  const room = home.room('prosody');
  const [ada, bea] = await until('a new meeting', () => home.gather(room, 'Ada', 'Bea').catch(() => false), 60).then(({ value }) => value);
  await ada.sees([camera(bea)]);
  await bea.sees([camera(ada)]);
});
