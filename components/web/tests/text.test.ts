import assert from 'node:assert/strict';
import { test } from 'node:test';
import { charactersLeft, CHAT_LIMIT, cleanMessage, cleanName } from '../src/state/text';

for (const [why, raw, clean] of [
  ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['controls go, new lines stay', 'a\u0000b\u0007\r\nc\u009fd', 'ab\ncd'],
  ['direction overrides go', 'abc\u202egpj.exe\u2066x', 'abcgpj.exex'],
  ['space around goes, towers of lines shrink', '  a\n\n\n\n\nb \n', 'a\n\nb'],
  ['half a character is replaced', 'a\ud83db', 'a\ufffdb'],
  ['nothing is nothing', ' \n\t\u0000', ''],
] as const) {
  test(`chat: ${why}`, () => assert.equal(cleanMessage(raw), clean));
}

test('chat: 500 characters, whatever they are made of', () => {
  assert.equal([...cleanMessage('😀'.repeat(CHAT_LIMIT + 9))].length, CHAT_LIMIT);
  assert.equal(cleanMessage('x'.repeat(CHAT_LIMIT)).length, CHAT_LIMIT);
  assert.equal(charactersLeft('😀'.repeat(499)), 1);
});

test('names: one line, no tricks, 60 characters', () => {
  assert.equal(cleanName('  Ada\n\tLovelace\u202e '), 'Ada Lovelace');
  assert.equal([...cleanName('é'.repeat(200))].length, 60);
});
