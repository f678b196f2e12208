import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { browserMark } from '../src/state/browser_mark';

let stored: Map<string, string>;
const keep = (storage: unknown) => Object.assign(globalThis, { localStorage: storage });

beforeEach(() => {
  stored = new Map();
  keep({
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});

test('a browser is the same one in the same room, and somebody else in another', async () => {
  const mark = await browserMark('room');
  assert.match(mark, /^[0-9a-f]{32}$/);
  assert.equal(await browserMark('room'), mark);
  assert.notEqual(await browserMark('other'), mark);
  assert.ok(![...stored.values()].some((value) => value.includes(mark)));
  stored.clear();
  assert.notEqual(await browserMark('room'), mark, 'and another one once its storage is cleared');
});

test('a browser that keeps nothing still gets in', async () => {
  keep({
    getItem: () => {
      throw new Error('denied');
    },
  });
  assert.match(await browserMark('room'), /^[0-9a-f]{32}$/);
});
