// A lesson: the teacher signs in with password and code, pupils wait in the lobby, and only the teacher lets in, silences and removes.
import assert from 'node:assert/strict';
import { Account } from './support/account.mjs';
import { Load } from './support/load.mjs';
import { house } from './support/meeting.mjs';
import { camera, Participant } from './support/participant.mjs';
import { Teacher } from './support/teacher.mjs';
import { until } from './support/until.mjs';

const home = house('--host', 'janitor');
let accounts = 0;

/** A teacher with a new account, and the link of a meeting that has not started. */
async function teacher(meeting) {
  const anna = new Teacher('Ms Lovelace');
  home.present.push(anna);
  await anna.signIn(home.browser, home.stack, await Account.withTotp(home.stack, `teacher${++accounts}`));
  return { anna, link: await anna.makeLink(meeting) };
}

/** Somebody at the door, with a name given. */
async function knocks(name, link) {
  const person = new Participant(name);
  home.present.push(person);
  await person.open(home.browser, link);
  await ask(person);
  return person;
}

async function ask(person) {
  await person.page.getByTestId('join-name').fill(person.name);
  await person.page.getByTestId('join-button').click();
}

const isAt = (person, page) => person.page.getByTestId(`${page}-page`).waitFor();

/** A lesson that has begun, with these pupils let in. */
async function lesson(meeting, ...names) {
  const { anna, link } = await teacher({ preset: 'classroom', ...meeting });
  await anna.start();
  const pupils = [];
  for (const name of names) {
    const pupil = await knocks(name, link);
    await isAt(pupil, 'knocking');
    await until(`${name} is seen in the lobby`, async () => (await anna.waitsInLobby()).includes(name));
    await anna.admit(name);
    await pupil.arrive();
    pupils.push(pupil);
  }
  return { anna, link, pupils };
}

home.test('a pupil waits, is let in, is silenced, is removed, and cannot come back', async (t) => {
  const { anna, link } = await teacher({ preset: 'classroom' });
  const ben = await knocks('Ben', link);
  await isAt(ben, 'waiting');

  await t.test('who waited for the teacher still has to be let in', async () => {
    await anna.start();
    await isAt(ben, 'knocking');
    await until('Ben is seen in the lobby', async () => (await anna.waitsInLobby()).includes('Ben'));
    assert.deepEqual(await anna.others(), []);
    await anna.admit('Ben');
    await ben.arrive();
    await anna.sees([camera(ben)]);
    await ben.sees([camera(anna)]);
  });

  await t.test('a reload of the teacher keeps the role, and the lobby', async () => {
    const carla = await knocks('Carla', link);
    await isAt(carla, 'knocking');
    await anna.reload();
    assert.equal((await anna.snapshot()).role, 'host');
    await until('Carla is seen in the lobby', async () => (await anna.waitsInLobby()).includes('Carla'));
    await anna.deny('Carla');
    await isAt(carla, 'failed');
    assert.match(await carla.page.getByTestId('failure').innerText(), /did not let you in/);
  });

  await t.test('a silenced camera is dark for all', async () => {
    await anna.sees([camera(ben)]);
    await anna.does('stop-camera', ben);
    await until('Ben knows', async () => !(await ben.snapshot()).camera);
    await until('his tile is dark', () => anna.page.locator(`[data-participant="${ben.id}"][data-video="off"]`).isVisible());
  });

  await t.test('removed is removed', async () => {
    await anna.does('remove', ben);
    await isAt(ben, 'removed');
    await anna.showsOnly([]);
    await ben.page.goto(link);
    await ask(ben);
    await isAt(ben, 'removed');
    assert.ok(!(await ben.page.getByTestId('rejoin-button').isVisible()));
    assert.deepEqual(await anna.waitsInLobby(), []);
  });
  for (const person of [anna, ben]) assert.deepEqual(person.errors, []);
});

home.test('a class of thirty waits for its teacher, is let in with one click, talks, and loses one for good', async (t) => {
  const { anna, link } = await teacher({ preset: 'classroom' });
  const names = Array.from({ length: 30 }, (_, index) => `Pupil ${index + 1}`);
  const pupils = new Load(home.stack, link, 'Pupil', names.length);
  home.present.push(pupils);
  const find = async (name) => (await anna.snapshot()).participants.find((one) => one.name === name);
  const speaker = async () => {
    const { dominant, participants } = await anna.snapshot();
    return participants.find(({ id, name }) => id === dominant && names.includes(name))?.id;
  };
  const packets = async () => (await anna.sound()).packets;
  const hears = async (what) => {
    const before = await packets();
    await until(what, async () => (await packets()) > before + 50);
  };

  await t.test('all wait, and all come in', async () => {
    await anna.start();
    await until('the teacher sees thirty', async () => (await anna.waitsInLobby()).length === names.length, 60);
    assert.deepEqual((await anna.waitsInLobby()).sort(), [...names].sort());
    assert.deepEqual(await anna.others(), []);
    await anna.page.getByTestId('admit-all').click();
    await until('thirty are in', async () => (await anna.others()).length === names.length, 60);
    await until('nobody waits any more', async () => (await anna.waitsInLobby()).length === 0);
  });

  await t.test('nobody is heard unasked, though all talk; then they are', async () => {
    await pupils.areIn();
    await anna.toggle('mic'); // she listens
    assert.equal(await speaker(), undefined);
    assert.equal(await packets(), 0);
    await anna.turns('moderated', false);
    await hears('the teacher hears the class');
    await until('one of them is the speaker', speaker);
  });

  await t.test('a reload of the teacher keeps the role, and the class', async () => {
    await anna.reload();
    assert.equal((await anna.snapshot()).role, 'host');
    await until('thirty are there', async () => (await anna.others()).length === names.length);
    await hears('the teacher hears the class again');
  });

  await t.test('who is muted is not heard any more, and talks on', async () => {
    const { value: id } = await until('somebody is the speaker', speaker);
    await anna.does('mute', { id });
    await until('another one is the speaker', async () => ![id, undefined].includes(await speaker()));
    await hears('the teacher hears the others');
    assert.notEqual(await speaker(), id);
  });

  await t.test('who is removed is out, and cannot come back', async () => {
    await anna.does('remove', await find('Pupil 7'));
    await until('it is gone', async () => (await find('Pupil 7')) === undefined);
    assert.equal((await anna.others()).length, names.length - 1);
    const met = await pupils.end();
    const seventh = met.splice(6, 1)[0];
    assert.deepEqual(seventh.errors, ['removed from the room', 'entering the room: the server refused: You were removed from this meeting']);
    for (const one of met) {
      assert.deepEqual(one.errors, []);
      assert.ok(one.in_call);
      assert.ok(one.packets > 0, 'it heard the others');
    }
  });
  assert.deepEqual(anna.errors, []);
});

home.test('hands queue in the order in which they rise, for all to see', async () => {
  const { anna, pupils } = await lesson({}, 'Ben', 'Carla');
  const [ben, carla] = pupils;
  await carla.toggle('hand');
  await until('one hand', async () => (await anna.hands()).length === 1);
  await ben.toggle('hand');
  await until('two hands', async () => (await anna.hands()).length === 2);
  assert.deepEqual(await anna.hands(), [carla.id, ben.id]);
  assert.deepEqual((await ben.snapshot()).hands, [carla.id, ben.id]);
  await carla.toggle('hand');
  await until('the next one is first', async () => (await anna.hands()).join() === ben.id);
});

home.test('what one writes to one, only that one reads', async () => {
  const { anna, link } = await teacher({ preset: 'open' });
  await anna.start();
  const ben = await knocks('Ben', link);
  await ben.arrive();
  const carla = await knocks('Carla', link);
  await carla.arrive();
  await anna.does('write', ben);
  await anna.page.getByTestId('chat-input').fill('only for you');
  await anna.page.getByTestId('chat-input').press('Enter');
  await until('Ben reads it', async () => (await ben.reads()).includes('only for you'));
  await anna.page.getByTestId('chat-to').selectOption('');
  await anna.say('for everybody');
  await until('Carla reads what is for all', async () => (await carla.reads()).includes('for everybody'));
  assert.deepEqual(await carla.reads(), ['for everybody']);
  await ben.page.getByTestId('chat-input').fill('x'.repeat(501));
  assert.equal(await ben.page.getByTestId('chat-count').innerText(), '501 of 500');
  assert.ok(await ben.page.getByTestId('chat-send').isDisabled());
});

home.test('a co-host lets in and silences, and neither removes nor changes the rules', async () => {
  const { anna, link, pupils } = await lesson({}, 'Ben');
  const [ben] = pupils;
  await anna.does('cohost', ben);
  await until('Ben is co-host', async () => (await ben.snapshot()).role === 'cohost');
  const carla = await knocks('Carla', link);
  await isAt(carla, 'knocking');
  const page = new Teacher('Ben');
  Object.assign(page, { page: ben.page, id: ben.id });
  await until('the co-host sees who waits', async () => (await page.waitsInLobby()).includes('Carla'));
  await page.admit('Carla');
  await carla.arrive();
  await page.row(carla).getByTestId('person-more').click();
  assert.ok(await page.row(carla).getByTestId('person-stop-camera').isVisible());
  assert.ok(!(await page.row(carla).getByTestId('person-remove').isVisible()));
  await page.openPanel('meeting');
  assert.ok(!(await page.page.getByTestId('switch-lobby').isVisible()));

  const address = `${new URL(link).pathname.slice(1)}@${home.stack.facts.muc}`;
  const kick = `<query xmlns="http://jabber.org/protocol/muc#admin"><item nick="${carla.id}" role="none"/></query>`;
  assert.match(await ben.ask(address, kick), /^(forbidden|not-allowed)$/, 'nor without the page');
  await anna.does('cohost', ben);
  await until('Ben is a participant again', async () => (await ben.snapshot()).role === 'participant');
});

home.test('a name that can be read out is never without its lobby', async () => {
  const { anna, link } = await teacher({ preset: 'open', kind: 'words' });
  const ben = await knocks('Ben', link);
  await isAt(ben, 'waiting');
  await anna.start();
  await isAt(ben, 'knocking');
  await anna.openPanel('meeting');
  assert.ok(await anna.page.getByTestId('switch-lobby').isDisabled());
});

home.test('an open meeting lets in; locking it asks the next one to knock, and a password keeps out who does not know it', async () => {
  const { anna, link } = await teacher({ preset: 'open' });
  await anna.start();
  const ben = await knocks('Ben', link);
  await ben.arrive();
  await anna.turns('lobby', true);
  const carla = await knocks('Carla', link);
  await isAt(carla, 'knocking');
  await anna.turns('lobby', false);
  await carla.arrive();
  await anna.page.getByTestId('set-password').fill('open sesame');
  await anna.page.getByTestId('set-password-save').click();
  await anna.page.getByTestId('set-password-clear').waitFor();
  const dora = await knocks('Dora', link);
  await isAt(dora, 'password');
  await dora.page.getByTestId('meeting-password').fill('open barley');
  await dora.page.getByTestId('meeting-password-join').click();
  await dora.page.getByTestId('password-error').waitFor();
  await dora.page.getByTestId('meeting-password').fill('open sesame');
  await dora.page.getByTestId('meeting-password-join').click();
  await dora.arrive();
  assert.deepEqual([...anna.errors, ...ben.errors, ...carla.errors, ...dora.errors], []);
});

home.test('where somebody was removed, the next one who comes from there has to knock', async () => {
  const { anna, link } = await teacher({ preset: 'open' });
  await anna.start();
  const ben = await knocks('Ben', link);
  await ben.arrive();
  await anna.does('remove', ben);
  await isAt(ben, 'removed');
  const carla = await knocks('Carla', link);
  await isAt(carla, 'knocking');
  await until('Carla is seen at the door', async () => (await anna.waitsInLobby()).includes('Carla'));
  await anna.admit('Carla');
  await carla.arrive();
});

home.test('in a classroom nobody speaks unasked: not from the page, and not past it', async () => {
  const { anna, pupils } = await lesson({}, 'Ben', 'Carla');
  const [ben, carla] = pupils;
  await until('nobody speaks', async () => !(await ben.snapshot()).microphone && !(await carla.snapshot()).microphone);
  await ben.toggle('mic');
  await ben.page.getByTestId('notice').filter({ hasText: 'Raise your hand' }).first().waitFor();
  assert.equal((await ben.snapshot()).microphone, false);

  await ben.toggle('hand');
  await until('the hand is seen', async () => (await anna.hands()).length === 1);
  await anna.page.getByTestId('hand-allow').click();
  await ben.page.getByTestId('notice').filter({ hasText: 'asks you to turn on your microphone' }).waitFor();
  await until('the hand is down', async () => (await anna.hands()).length === 0);
  const { energy } = await carla.sound();
  await ben.toggle('mic');
  await until('Carla hears Ben', async () => (await carla.sound()).energy > energy);

  await anna.does('mute', ben);
  await until('Ben is silent', async () => !(await ben.snapshot()).microphone);
  await anna.does('allow', ben);
  await until('Ben may not speak any more', async () => (await ben.snapshot()).approved.length === 0);
  await anna.turns('moderated', false);
  await carla.toggle('mic');
  await until('all may speak again', async () => (await carla.snapshot()).microphone);
});

home.test('a switch takes a right from all who do not lead, at once, on the page and at the server', async () => {
  const { anna, link } = await teacher({ preset: 'open' });
  await anna.start();
  const ben = await knocks('Ben', link);
  await ben.arrive();
  await anna.sees([camera(ben)]);

  await anna.turns('camera', false);
  await until('the camera goes off', async () => !(await ben.snapshot()).camera);
  await ben.toggle('camera');
  await ben.page.getByTestId('notice').filter({ hasText: 'switched off the camera' }).first().waitFor();

  for (const [right, control] of [['raise_hand', 'hand'], ['reactions', 'reactions'], ['screen', 'share']]) {
    await ben.page.getByTestId(`toolbar-${control}`).waitFor();
    await anna.turns(right, false);
    await ben.page.getByTestId(`toolbar-${control}`).waitFor({ state: 'detached' });
  }
  await anna.turns('chat', false);
  await anna.turns('private_chat', false);
  await ben.openChat();
  await until('there is nothing to write in', async () => !(await ben.page.getByTestId('chat-input').isVisible()));

  await anna.page.getByTestId('set-open').click();
  await until('all is allowed again', async () => Object.values((await ben.snapshot()).policy).every(Boolean));
  await ben.page.getByTestId('chat-input').waitFor();

  await ben.toggle('people');
  await ben.page.getByTestId('rename').click();
  await ben.page.getByTestId('rename-input').fill('Benjamin');
  await ben.page.getByTestId('rename-save').click();
  await anna.openPanel('people');
  await until('the new name is seen', async () => (await anna.row(ben).getByTestId('person-name').innerText()) === 'Benjamin');
  await anna.turns('rename', false);
  await ben.page.getByTestId('rename').waitFor({ state: 'detached' });

  await anna.does('viewer', ben);
  await until('Ben is a viewer, and silent', async () => {
    const { role, microphone, camera: picture } = await ben.snapshot();
    return role === 'viewer' && !microphone && !picture;
  });
  assert.deepEqual([...anna.errors, ...ben.errors], []);
});

home.test('the host ends the meeting for all', async () => {
  const { anna, pupils } = await lesson({}, 'Ben');
  await anna.openPanel('meeting');
  await anna.page.getByTestId('end-for-all').click();
  await anna.page.getByTestId('confirm-yes').click();
  await Promise.all([anna, ...pupils].map((person) => isAt(person, 'ended')));
});
