// People meet, see and hear each other, come late, leave, and come back.
import assert from 'node:assert/strict';
import { house } from './support/meeting.mjs';
import { camera, screen } from './support/participant.mjs';
import { observe, until } from './support/until.mjs';

const home = house();
const othersOf = (person, people) => people.filter((other) => other !== person);

home.test('three people see and hear each other for a minute, one comes late, one leaves, one reloads', async (t) => {
  const room = home.room('minute');
  const people = await home.gather(room, 'Ada', 'Bea', 'Cleo');
  for (const person of people) await person.sees(othersOf(person, people).map(camera));

  await t.test('a minute without a freeze of over a second, and with sound', async () => {
    const before = await Promise.all(people.map((person) => person.sound()));
    await Promise.all(people.map((person) => person.forgetPictures()));
    await observe(60);
    for (const [index, person] of people.entries()) {
      const pictures = await person.pictures();
      assert.equal(pictures.length, 2, `${person.name} sees two pictures`);
      for (const { source, frames, longest } of pictures) {
        const page = `its page did not run for ${await person.starved()} ms`;
        assert.ok(longest < 1000, `${person.name} saw ${source} stand still for ${Math.round(longest)} ms; ${page}`);
        assert.ok(frames > 60 * 8, `${person.name} saw only ${frames} frames of ${source}`);
      }
      const sound = await person.sound();
      assert.ok(sound.energy > before[index].energy, `${person.name} hears something`);
      assert.equal(sound.streams.filter((stream) => stream.energy > 0).length, 2, `${person.name} hears both others`);
    }
  });

  await t.test('a fourth sees all within three seconds', async () => {
    const late = await home.join(room, 'Dora');
    people.push(late);
    const { seconds } = await late.sees(othersOf(late, people).map(camera), 10);
    for (const person of othersOf(late, people)) await person.sees([camera(late)]);
    assert.ok(seconds <= 3, `it took ${seconds} s`);
  });

  await t.test('who leaves is gone everywhere within two seconds', async () => {
    const [gone] = people.splice(1, 1);
    await gone.leave();
    const left = Date.now();
    await Promise.all(people.map((person) => person.showsOnly(othersOf(person, people).map((other) => other.id), 10)));
    const seconds = (Date.now() - left) / 1000;
    await home.close(gone);
    assert.ok(seconds <= 2, `it took ${seconds} s`);
  });

  await t.test('a reload rejoins', async () => {
    const [first, ...rest] = people;
    await first.reload();
    await first.sees(rest.map(camera));
    for (const person of rest) {
      await person.sees([camera(first)]);
      await person.showsOnly(othersOf(person, people).map((other) => other.id));
    }
  });

  for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page met errors`);
});

home.test('two rooms never see anything of each other', async () => {
  const [here, there] = [home.room('here'), home.room('there')];
  const [ada, bea] = await home.gather(here, 'Ada', 'Bea');
  const [cleo, dora] = await home.gather(there, 'Cleo', 'Dora');
  for (const [one, other] of [[ada, bea], [bea, ada], [cleo, dora], [dora, cleo]]) await one.sees([camera(other)]);
  await ada.say('only here');
  await until('Bea reads it', async () => (await bea.reads()).some((line) => line.includes('only here')));
  for (const [one, other] of [[ada, bea], [bea, ada], [cleo, dora], [dora, cleo]]) {
    assert.deepEqual(await one.others(), [other.id]);
    assert.deepEqual((await one.pictures()).map((picture) => picture.source), [camera(other)]);
    assert.equal((await one.sound()).streams.length, 1);
  }
  for (const person of [cleo, dora]) assert.deepEqual(await person.reads(), []);
});

home.test('a screen is seen beside the camera, and goes alone', async () => {
  const [ada, bea] = await home.gather(home.room('screen'), 'Ada', 'Bea');
  await bea.sees([camera(ada)]);
  await ada.toggle('share');
  await bea.sees([camera(ada), screen(ada)]);
  await ada.toggle('share');
  await until('the screen is gone', async () => !(await bea.picture(screen(ada))), 5);
  await bea.forgetPictures();
  await bea.sees([camera(ada)], 5);
});
