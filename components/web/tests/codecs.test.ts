import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wishedCodecs } from '../src/config';
import { codecOrder, commonCodec, parseCodecList } from '../src/media/codecs';

const ALL = new Set(['vp8', 'vp9', 'av1', 'h264']);
const config = { hosts: { domain: 'd', muc: 'm' } };

test('without a wish VP8 is sent, and everything is played', () => {
  const order = codecOrder(wishedCodecs(config, ''), ALL);
  assert.deepEqual(order, ['vp8', 'vp9', 'av1', 'h264']);
  assert.equal(commonCodec(order, [['av1', 'vp8']]), 'vp8');
});

test('the address is asked before the settings', () => {
  const preferring = { ...config, videoQuality: { codecPreferenceOrder: ['VP9', 'VP8'] } };
  assert.deepEqual(codecOrder(wishedCodecs(preferring, '?codec=AV1'), ALL), ['av1', 'vp9', 'vp8', 'h264']);
  assert.deepEqual(codecOrder(wishedCodecs(preferring, '?codec=theora'), ALL), ['vp9', 'vp8', 'av1', 'h264']);
});

test('what the browser does not play is not sent either', () => {
  assert.deepEqual(codecOrder(['AV1'], new Set(['vp8'])), ['vp8']);
});

test('what is sent can be played by all', () => {
  const order = codecOrder(['av1', 'vp9'], ALL);
  assert.equal(commonCodec(order, []), 'av1');
  assert.equal(commonCodec(order, [['av1', 'vp8']]), 'av1');
  assert.equal(commonCodec(order, [['av1', 'vp8'], parseCodecList('VP9, vp8')]), 'vp8');
  assert.equal(commonCodec(order, [parseCodecList('')]), 'vp8');
});

test('a list is read whatever its form', () => {
  assert.deepEqual(parseCodecList('AV1, vp9,theora,'), ['av1', 'vp9', 'vp8']);
});
