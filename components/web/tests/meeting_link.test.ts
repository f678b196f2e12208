import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomName } from '../src/config';
import { invitation, isReadable, randomName, readableName } from '../src/state/meeting_link';
import { WORDS } from '../src/state/words';

test('a random name carries 128 bits, in letters that nobody mistakes', () => {
  const name = randomName();
  assert.match(name, /^[a-km-np-z2-9]{26}$/);
  assert.ok(26 * Math.log2(32) >= 128);
  const many = new Set(Array.from({ length: 200 }, randomName));
  assert.equal(many.size, 200);
  for (let place = 0; place < 25; ++place) {
    const letters = new Set([...many].map((each) => each[place]));
    assert.ok(letters.size > 20, `place ${place} shows only ${letters.size} letters`);
  }
});

test('a readable name carries 64 bits at least', () => {
  assert.equal(new Set(WORDS).size, 1024);
  const words = readableName().split('-');
  assert.ok(words.length * Math.log2(WORDS.length) >= 64);
  for (const word of words) assert.ok(WORDS.includes(word));
});

test('names stay what they are in an address', () => {
  for (const name of [randomName(), readableName()]) assert.equal(roomName(name), name);
});

test('a name of words is known again: its lobby is never off', () => {
  assert.ok(isReadable(readableName()));
  assert.ok(!isReadable(randomName()));
  assert.ok(!isReadable('history-7b'));
  assert.ok(!isReadable(readableName().split('-').slice(1).join('-')));
  assert.ok(!isReadable(`${readableName().split('-').slice(1).join('-')}-xyzzy`));
});

test('words are short', () => {
  for (const word of WORDS) assert.match(word, /^[a-z]{4,8}$/);
});

test('the invitation says who invites, where, and with which password', () => {
  const text = invitation('https://meet.example/abc', 'Ms Lovelace', 'swordfish');
  for (const part of ['Ms Lovelace', 'https://meet.example/abc', 'swordfish']) assert.ok(text.includes(part));
  assert.ok(!invitation('https://meet.example/abc', '').includes('Password'));
});
