import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { RemoteSource } from '../src/media/model';
import { Sections } from '../src/media/sections';
import { parseOffer } from '../src/xmpp/jingle_offer';
import { offerElement } from './support/offer';

const video = (name: string, owner: string, ssrc: number): RemoteSource => ({
  name,
  owner,
  kind: 'video',
  ssrc,
  rtx: ssrc + 1,
  videoType: 'camera',
});

let sections: Sections;
beforeEach(() => {
  sections = new Sections(parseOffer(offerElement())!);
});

const owners = () => sections.playing().map(({ source }) => `${source.ssrc} ${source.owner}`);

test('a mapped stream that changes hands needs no negotiation, and keeps its retransmissions', () => {
  assert.equal(sections.put(video('aa-v0', 'aa', 10)), true);
  assert.equal(sections.put({ ...video('bb-v0', 'bb', 10), rtx: 99 }), false);
  assert.deepEqual(owners(), ['10 bb']);
  assert.equal(sections.playing()[0]!.source.rtx, 11);
});

test('a source that turns up on another stream leaves the old one ownerless', () => {
  sections.put(video('aa-v0', 'aa', 10));
  sections.put(video('bb-v0', 'bb', 20));
  assert.equal(sections.put(video('aa-v0', 'aa', 20)), false);
  assert.deepEqual(owners(), ['20 aa']);
  assert.equal(sections.put(video('bb-v0', 'bb', 10)), false, 'the ownerless stream is still known');
  assert.deepEqual(owners(), ['10 bb', '20 aa']);
});

test('what leaves with its owner makes room for the next', () => {
  sections.put(video('aa-v0', 'aa', 10));
  sections.put(video('bb-v0', 'bb', 20));
  const count = sections.list.length;
  assert.equal(
    sections.remove((source) => source.owner === 'aa'),
    true,
  );
  assert.equal(
    sections.remove((source) => source.owner === 'aa'),
    false,
  );
  sections.put(video('cc-v0', 'cc', 30));
  assert.equal(sections.list.length, count);
  assert.deepEqual(owners(), ['30 cc', '20 bb']);
});

test('audio never takes a section of video', () => {
  sections.put(video('aa-v0', 'aa', 10));
  sections.remove(() => true);
  sections.put({ ...video('bb-a0', 'bb', 20), kind: 'audio', rtx: undefined });
  assert.deepEqual(
    sections.list.map(({ kind }) => kind),
    ['audio', 'video', 'data', 'video', 'audio'],
  );
});
