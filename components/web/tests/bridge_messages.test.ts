import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBridgeMessage, receiverVideoConstraints } from '../src/media/bridge_messages';

const parse = (message: object) => parseBridgeMessage(JSON.stringify(message));

test('maps of rewritten sources', () => {
  assert.deepEqual(
    parse({
      colibriClass: 'VideoSourcesMap',
      mappedSources: [
        { source: 'aa-v1', owner: 'aa', ssrc: 10, rtx: 11, videoType: 'DESKTOP' },
        { source: 'bb-v0', owner: 'bb', ssrc: 20, rtx: '-1', videoType: 'CAMERA' },
        { source: 'cc-v0', owner: 'cc', ssrc: -5 },
        { owner: 'dd', ssrc: 30 },
        null,
      ],
    }),
    {
      type: 'sources',
      sources: [
        { name: 'aa-v1', owner: 'aa', kind: 'video', ssrc: 10, rtx: 11, videoType: 'desktop' },
        { name: 'bb-v0', owner: 'bb', kind: 'video', ssrc: 20, rtx: undefined, videoType: 'camera' },
      ],
    },
  );
  assert.deepEqual(
    parse({
      colibriClass: 'AudioSourcesMap',
      mappedSources: [{ source: 'aa-a0', owner: 'aa', ssrc: 9, rtx: 8 }],
    }),
    {
      type: 'sources',
      sources: [{ name: 'aa-a0', owner: 'aa', kind: 'audio', ssrc: 9, rtx: undefined, videoType: 'camera' }],
    },
  );
});

test('speaker, constraints, connectivity', () => {
  const speaker = {
    colibriClass: 'DominantSpeakerEndpointChangeEvent',
    dominantSpeakerEndpoint: 'aa',
    previousSpeakers: [],
  };
  assert.deepEqual(parse(speaker), { type: 'dominant', endpoint: 'aa' });
  assert.deepEqual(parse({ ...speaker, silence: true }), { type: 'dominant', endpoint: '' });
  assert.deepEqual(parse({ colibriClass: 'SenderSourceConstraints', sourceName: 'aa-v0', maxHeight: 360 }), {
    type: 'sender-constraints',
    sourceName: 'aa-v0',
    maxHeight: 360,
  });
  // The bridge writes the flag as a string (bridge.md §8.5).
  const lost = { colibriClass: 'EndpointConnectivityStatusChangeEvent', endpoint: 'aa', active: 'false' };
  assert.deepEqual(parse(lost), { type: 'connectivity', endpoint: 'aa', active: false });
});

for (const nonsense of [
  '',
  '{',
  'null',
  '7',
  '[]',
  '{}',
  '{"colibriClass":7}',
  '{"colibriClass":"Unheard"}',
  '{"colibriClass":"SenderSourceConstraints"}',
]) {
  test(`nonsense is no message: ${nonsense}`, () => assert.equal(parseBridgeMessage(nonsense), undefined));
}

test('wishes name each source', () => {
  assert.deepEqual(
    receiverVideoConstraints({ heights: new Map([['aa-v0', 720]]), onStage: ['aa-v0'], defaultHeight: 180 }),
    {
      colibriClass: 'ReceiverVideoConstraints',
      lastN: -1,
      assumedBandwidthBps: -1,
      onStageSources: ['aa-v0'],
      selectedSources: [],
      defaultConstraints: { maxHeight: 180 },
      constraints: { 'aa-v0': { maxHeight: 720 } },
    },
  );
});
