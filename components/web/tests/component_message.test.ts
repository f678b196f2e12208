import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseComponentMessage } from '../src/xmpp/component_message';
import { xml } from './support/dom';

const said = (json: string) =>
  parseComponentMessage(
    xml(
      `<message xmlns='jabber:client'><json-message xmlns='http://jitsi.org/jitmeet'>${json}</json-message></message>`,
    ),
  );

for (const [json, expected] of [
  [
    '{"type":"av_moderation","enabled":true,"mediaType":"audio","actor":"r@x/a"}',
    { type: 'moderated', kind: 'audio', enabled: true },
  ],
  [
    '{"type":"av_moderation","approved":true,"mediaType":"desktop"}',
    { type: 'approved', kind: 'desktop', approved: true },
  ],
  [
    '{"type":"av_moderation","removed":true,"mediaType":"video"}',
    { type: 'approved', kind: 'video', approved: false },
  ],
  [
    '{"type":"av_moderation","whitelists":{"audio":["r@x/aaaaaaaa",7]},"mediaType":"audio"}',
    { type: 'allowed', kind: 'audio', ids: ['aaaaaaaa', ''] },
  ],
  [
    '{"type":"av_moderation","whitelists":{},"mediaType":"audio","removed":true}',
    { type: 'allowed', kind: 'audio', ids: [] },
  ],
  ['{"type":"av_moderation","enabled":true,"mediaType":"smell"}', undefined],
  ['{"type":"av_moderation","enabled":"yes","mediaType":"audio"}', undefined],
  [
    '{"type":"av_moderation","whitelists":null,"mediaType":"audio"}',
    { type: 'allowed', kind: 'audio', ids: [] },
  ],
  ['{"type":"other"}', undefined],
  ['[]', undefined],
  ['null', undefined],
  ['{', undefined],
] as const) {
  test(`a component says ${json}`, () => assert.deepEqual(said(json), expected));
}
