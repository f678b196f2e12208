import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';

const script = readFileSync(process.env.LOOPBACK_PAGE);
const arguments_ = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

let server;
let browser;
let page;

before(async () => {
  server = http.createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: arguments_ });
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  await page.goto(`http://localhost:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server?.close();
});

const run = (method, ...values) =>
  page.evaluate(([name, given]) => window.loopback[name](...given), [method, values]);

async function until(what, condition, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    last = await condition();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

const videoOut = async () => (await run('outbound')).filter((stream) => stream.kind === 'video');
const heights = (streams) => streams.map((stream) => stream.frameHeight).sort((a, b) => a - b);

test('three simulcast layers are sent, on the SSRCs that we announce', async () => {
  const { sources, channel } = await run('start', true);
  assert.equal(channel, 'JVB data channel http://jitsi.org/protocols/colibri');
  const announced = sources.find((source) => source.kind === 'video').layers.map((layer) => layer.ssrc);
  const streams = await until('three layers', async () => {
    const now = await videoOut();
    return now.length === 3 && now.every((stream) => stream.packetsSent > 20) && now;
  });
  assert.deepEqual(heights(streams), [180, 360, 720]);
  const byHeight = [...streams].sort((a, b) => a.frameHeight - b.frameHeight).map((stream) => stream.ssrc);
  assert.deepEqual(byHeight, announced, 'low to high, as in the SIM group');
});

test('a constraint of the bridge silences the layers above it, and its end brings them back', async () => {
  await run('start', true);
  await until(
    'three layers',
    async () => (await videoOut()).filter((stream) => stream.packetsSent > 20).length === 3,
  );
  await run('constrain', 'aaaaaaaa-v0', 360);
  await until('the top layer stopped', async () => {
    const active = (await videoOut()).filter((stream) => stream.active);
    return heights(active).join() === '180,360';
  });
  await run('constrain', 'aaaaaaaa-v0', -1);
  await until('all again', async () => (await videoOut()).every((stream) => stream.active));
});

test('a camera that comes after the offer is sent in three layers too', async () => {
  await run('start', false);
  await run('unmute');
  await until('three layers', async () => {
    const now = await videoOut();
    return now.length === 3 && now.every((stream) => stream.packetsSent > 20);
  });
});

test('somebody whom a map names is seen; a stream that changes hands needs no negotiation', async () => {
  await run('start', true);
  const source = await run('forward', 'bbbbbbbb-v0', 'bbbbbbbb');
  const decoded = () =>
    until('frames', async () =>
      (await run('inbound')).find((stream) => stream.ssrc === source.ssrc && stream.framesDecoded > 5),
    );
  const before = await decoded();
  await run('put', { ...source, name: 'cccccccc-v0', owner: 'cccccccc' });
  const [track] = await run('tracks');
  assert.equal(track.source.owner, 'cccccccc');
  assert.equal(track.mid, before.mid);
  await until('more frames', async () =>
    (await run('inbound')).some(
      (stream) => stream.ssrc === source.ssrc && stream.framesDecoded > before.framesDecoded + 5,
    ),
  );
  await run('remove', 'cccccccc');
  assert.deepEqual(await run('tracks'), []);
});

test('a screen is sent beside the camera, as one stream', async () => {
  await run('start', true);
  const shared = await run('share');
  assert.equal(shared.name, 'aaaaaaaa-v1');
  assert.equal(shared.layers.length, 1);
  await until('four streams', async () => {
    const now = await videoOut();
    return (
      now.length === 4 &&
      now.every((stream) => stream.packetsSent > 5) &&
      now.some((stream) => stream.ssrc === shared.layers[0].ssrc)
    );
  });
});

test('a muted microphone sends nothing at all', async () => {
  await run('start', true);
  const sent = async () => (await run('outbound')).find((stream) => stream.kind === 'audio').packetsSent;
  await until('sound', async () => (await sent()) > 20);
  await run('mute');
  const before = await sent();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok((await sent()) - before <= 1);
});
