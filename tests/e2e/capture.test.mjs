// What somebody on the line learns of who speaks: nothing, while the bridge knows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { house } from './support/meeting.mjs';
import { camera } from './support/participant.mjs';
import { until } from './support/until.mjs';

const run = promisify(execFile);
const home = house();
const SECONDS = 30;
const ear = fileURLToPath(new URL('support/listen.py', import.meta.url));

/** [{at, mine, ssrc, bytes, value}] between a browser's port and the bridge's. */
async function listen({ own, bridge }) {
  const { stdout } = await run('python3', [ear, own, bridge, SECONDS].map(String), { maxBuffer: 1 << 26 });
  return JSON.parse(stdout).map(([at, mine, ssrc, bytes, value]) => ({ at, mine, ssrc, bytes, value }));
}

/** Pearson's; 0 for a constant. */
function correlation(a, b) {
  const mean = (all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f) => a.reduce((total, _, i) => total + f(a[i] - ma, b[i] - mb), 0);
  const squares = sum((x) => x * x) * sum((_, y) => y * y);
  return squares > 0 ? sum((x, y) => x * y) / Math.sqrt(squares) : 0;
}

function nearest(voice, at) {
  let best = voice[0];
  for (const one of voice) if (Math.abs(one[0] - at) < Math.abs(best[0] - at)) best = one;
  return best[1];
}

home.test('a capture says nothing of who speaks', async (t) => {
  if (process.getuid() !== 0) return t.skip('only root can listen on a line');
  const [ada, bea] = await home.gather(home.room('capture'), 'Ada', 'Bea');
  await ada.sees([camera(bea)]);
  await bea.toggle('mic');
  await until('Ada, who beeps, is the dominant speaker', async () => (await bea.snapshot()).dominant === ada.id, 30);

  const [packets, voice] = await Promise.all([listen(await ada.path()), ada.voice(SECONDS)]);
  const sent = packets.filter((packet) => packet.mine);
  assert.ok(sent.length > SECONDS * 25, `only ${sent.length} packets with a level were seen`);
  const levels = voice.map(([, level]) => level);
  assert.ok(Math.max(...levels) > 0.05 && Math.min(...levels) < 0.01, 'the microphone beeps and pauses');

  const bytes = sent.map((packet) => packet.value & 127);
  const truth = sent.map((packet) => nearest(voice, packet.at));
  const limit = 4 / Math.sqrt(sent.length); // four standard deviations of independent values
  for (const [what, value] of [
    ['the level byte follows the voice', correlation(bytes, truth)],
    ['the voice bit follows the voice', correlation(sent.map((packet) => packet.value >> 7), truth)],
    ['one level byte follows the one before', correlation(bytes.slice(1), bytes.slice(0, -1))],
    ['the size follows the voice', correlation(sent.map((packet) => packet.bytes), truth)],
  ]) {
    assert.ok(Math.abs(value) < limit, `${what}: ${value.toFixed(3)}, chance alone stays below ${limit.toFixed(3)}`);
  }
  assert.ok(new Set(bytes).size > 100, 'all values occur');
  t.diagnostic(`${sent.length} packets, ${new Set(bytes).size} values, r = ${correlation(bytes, truth).toFixed(3)}`);
});
