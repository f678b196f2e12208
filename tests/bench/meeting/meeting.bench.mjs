// What a person waits for and what a meeting costs, with real browsers: printed as a table.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { house } from '../../e2e/support/meeting.mjs';
import { camera, Participant } from '../../e2e/support/participant.mjs';

const RUNS = 10;
const TARGET_SECONDS = 1.5;
const LIMIT_SECONDS = 3; // what a machine that is busy with browsers may take

const home = house();
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Resident memory in MiB, without the pages that the program shares with its file. */
function resident(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/RssAnon:\s+(\d+)/)[1]) / 1024;
}

async function memory() {
  const services = await home.stack.services();
  return { focus: resident(services['cloister-focus'].pid), bridge: resident(services['cloister-bridge'].pid) };
}

function row(what, value) {
  process.stdout.write(`# ${what.padEnd(58)} ${value}\n`);
}

home.test('from the link to the first picture of somebody else', async () => {
  const room = home.room('first');
  const host = await home.join(room, 'Ada');
  const waits = [];
  for (let run = 0; run < RUNS; run++) {
    const guest = new Participant('Bea');
    const start = performance.now();
    await guest.open(home.browser, home.stack.link(room));
    await guest.enter();
    await guest.sees([camera(host)], 20);
    waits.push((performance.now() - start) / 1000);
    await guest.leave();
    await guest.close();
    await host.showsOnly([]);
  }
  const middle = median(waits);
  row(`link to first remote frames, median of ${RUNS} (target ${TARGET_SECONDS} s)`, `${middle.toFixed(2)} s`);
  assert.ok(middle <= LIMIT_SECONDS, `${middle} s`);
});

home.test('memory of the focus and the bridge', async () => {
  const idle = await memory();
  row('focus, idle, anonymous resident memory', `${idle.focus.toFixed(1)} MiB`);
  row('bridge, idle, anonymous resident memory', `${idle.bridge.toFixed(1)} MiB`);
  const people = await home.gather(home.room('memory'), 'Ada', 'Bea', 'Cleo', 'Dora');
  for (const person of people) await person.sees(people.filter((other) => other !== person).map(camera), 30);
  const busy = await memory();
  row('focus, each of 4 participants', `${((busy.focus - idle.focus) / people.length).toFixed(2)} MiB`);
  row('bridge, each of 4 participants at 720p', `${((busy.bridge - idle.bridge) / people.length).toFixed(2)} MiB`);
  assert.ok(busy.bridge < 512 && busy.focus < 128);
});
