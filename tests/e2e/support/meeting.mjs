// A stack and a browser for the tests of one file, and people who come and go.
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { Participant } from './participant.mjs';
import { freshRoom, Stack } from './stack.mjs';

/** Registers start and end with the test runner; `house.stack` and `house.browser` are there inside tests. */
export function house(...options) {
  const rooms = { present: [] };
  before(async () => {
    rooms.stack = await Stack.start(...(options.length > 0 ? options : ['--open-meetings']));
    rooms.browser = await launch();
  });
  after(async () => {
    await rooms.browser?.close();
    await rooms.stack?.stop();
  });
  /** A test after which everybody goes home (an afterEach would send them home after each subtest). */
  rooms.test = (name, body) =>
    test(name, async (t) => {
      try {
        await body(t);
      } finally {
        await Promise.all(rooms.present.splice(0).map((participant) => participant.close()));
      }
    });
  rooms.room = freshRoom;
  rooms.join = async (room, name) => {
    const participant = new Participant(name);
    rooms.present.push(participant);
    await participant.open(rooms.browser, rooms.stack.link(room));
    await participant.enter();
    return participant;
  };
  /** One after the other, so that the first one moderates. */
  rooms.gather = async (room, ...names) => {
    const people = [];
    for (const name of names) people.push(await rooms.join(room, name));
    return people;
  };
  rooms.close = async (participant) => {
    rooms.present.splice(rooms.present.indexOf(participant), 1);
    await participant.close();
  };
  return rooms;
}
