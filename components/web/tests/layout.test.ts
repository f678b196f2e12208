import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cameraEncodings, isLower, wantedLayers } from '../src/media/encodings';
import type { RemoteTrack } from '../src/media/session';
import type { Participant } from '../src/state/store';
import type { SourceState } from '../src/xmpp/presence';
import { bestGrid, stageOf, tilesOf, wishedHeight, wishesFor } from '../src/state/tiles';

const nobody = { microphone: null, camera: null, screen: null };
const self = { id: 'ffffffff', name: 'Me', role: 'participant' as const, local: nobody };
const person = (id: string, sources: Participant['sources']): Participant => ({
  id,
  name: id,
  role: 'participant',
  realJid: '',
  raisedHand: 0,
  sources,
  codecs: ['vp8'],
});
const camera = { muted: false, videoType: 'camera' } as const;
const dark = { muted: true, videoType: 'camera' } as const;
const screen = { muted: false, videoType: 'desktop' } as const;
const playing = (name: string, owner: string) =>
  ({
    mid: '3',
    track: { id: name },
    source: { name, owner, kind: 'video', ssrc: 1, rtx: 2, videoType: 'camera' },
  }) as unknown as RemoteTrack;

test('tiles: screens first, oneself last, a picture only where one is sent', () => {
  const people = [
    person(
      'aaaaaaaa',
      new Map([
        ['aaaaaaaa-v0', camera],
        ['aaaaaaaa-a0', camera],
      ]),
    ),
    person(
      'bbbbbbbb',
      new Map<string, SourceState>([
        ['bbbbbbbb-v0', dark],
        ['bbbbbbbb-v1', screen],
      ]),
    ),
    person('cccccccc', new Map()),
  ];
  const tracks = [
    playing('aaaaaaaa-v0', 'aaaaaaaa'),
    playing('bbbbbbbb-v0', 'bbbbbbbb'),
    playing('bbbbbbbb-v1', 'bbbbbbbb'),
  ];
  const tiles = tilesOf(people, tracks, self);
  assert.deepEqual(
    tiles.map((tile) => [tile.key, tile.kind, tile.track?.id, tile.audioMuted]),
    [
      ['bbbbbbbb-v1', 'screen', 'bbbbbbbb-v1', true],
      ['aaaaaaaa-v0', 'camera', 'aaaaaaaa-v0', false],
      ['bbbbbbbb-v0', 'camera', undefined, true],
      ['cccccccc-none', 'camera', undefined, true],
      ['ffffffff-v0', 'camera', undefined, true],
    ],
  );
  assert.equal(stageOf(tiles, undefined)?.key, 'bbbbbbbb-v1', 'a screen takes the stage by itself');
  assert.equal(stageOf(tiles, ''), undefined, 'unless somebody sent it back');
  assert.equal(stageOf(tiles, 'aaaaaaaa-v0')?.key, 'aaaaaaaa-v0');
  assert.equal(stageOf(tiles, 'gone-v0')?.key, 'bbbbbbbb-v1');
});

test('a stream that changed hands is not shown under its old name', () => {
  const people = [person('aaaaaaaa', new Map([['aaaaaaaa-v0', camera]]))];
  assert.equal(tilesOf(people, [playing('aaaaaaaa-v0', 'bbbbbbbb')], self)[0]!.track, undefined);
});

for (const [count, width, height, columns] of [
  [1, 1280, 620, 1],
  [2, 1280, 620, 2],
  [4, 1280, 620, 2],
  [5, 1280, 620, 3],
  [2, 390, 700, 1],
  [9, 1280, 620, 3],
] as const) {
  test(`${count} tiles in ${width}×${height}: ${columns} columns`, () => {
    const best = bestGrid(count, width, height, 10);
    assert.equal(best.columns, columns);
    assert.ok(best.columns * best.width + 10 * (best.columns - 1) <= width);
    assert.ok(Math.ceil(count / columns) * best.height <= height);
  });
}

test('wished heights follow what a tile can show', () => {
  assert.deepEqual(
    [90, 220, 230, 450, 460, 2000].map((height) => wishedHeight(height, 1)),
    [180, 180, 360, 360, 720, 720],
  );
  assert.equal(wishedHeight(200, 2), 360);
  const tiles = tilesOf(
    [
      person('aaaaaaaa', new Map([['aaaaaaaa-v0', camera]])),
      person('bbbbbbbb', new Map([['bbbbbbbb-v0', camera]])),
    ],
    [],
    self,
  );
  const staged = wishesFor(tiles, tiles[1], 110, 1);
  assert.deepEqual(
    [...staged.heights],
    [
      ['aaaaaaaa-v0', 180],
      ['bbbbbbbb-v0', 720],
    ],
  );
  assert.deepEqual(staged.onStage, ['bbbbbbbb-v0']);
  assert.deepEqual(wishesFor(tiles, tiles[2], 110, 1).onStage, [], 'oneself is nothing to ask for');
});

for (const [capture, wished, layers] of [
  [720, -1, [true, true, true]],
  [720, 720, [true, true, true]],
  [720, 719, [true, true, false]],
  [720, 360, [true, true, false]],
  [720, 180, [true, false, false]],
  [720, 90, [true, false, false]],
  [720, 0, [false, false, false]],
  [480, 360, [true, true, false]],
] as const) {
  test(`a ${capture}p camera asked for ${wished} sends ${layers}`, () =>
    assert.deepEqual(wantedLayers(capture, wished), layers));
}

for (const [codec, wished, first, others] of [
  ['av1', -1, ['L3T3_KEY', 1, 1_000_000], false],
  ['vp9', 360, ['L2T3_KEY', 2, 300_000], false],
  ['vp9', 180, ['L1T3', 4, 100_000], false],
  ['vp8', -1, ['L1T3', 4, 200_000], true],
] as const) {
  test(`${codec} up to ${wished} lines`, () => {
    const [low, ...rest] = cameraEncodings(720, wished, codec);
    assert.equal(low!.active, true);
    assert.deepEqual([low!.scalabilityMode, low!.scaleResolutionDownBy, low!.maxBitrate], first);
    for (const encoding of rest) assert.equal(encoding.active, others);
  });
}

test('nothing is sent where nobody looks, whatever the codec', () => {
  for (const codec of ['vp8', 'vp9', 'av1', 'h264'] as const)
    assert.ok(cameraEncodings(720, 0, codec).every(({ active }) => !active));
});

test('no limit is above every height', () => {
  assert.equal(isLower(180, 360), true);
  assert.equal(isLower(0, 180), true);
  assert.equal(isLower(720, -1), true);
  assert.equal(isLower(-1, 720), false);
  assert.equal(isLower(-1, -1), false);
  assert.equal(isLower(360, 360), false);
});
