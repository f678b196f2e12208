import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonSources, parseSources } from '../src/xmpp/sources';
import { xml } from './support/dom';
import { JSON_SOURCES } from './support/offer';

test('compact sources: streams and their retransmissions are one source', () => {
  const found = parseJsonSources(JSON_SOURCES).filter(({ owner }) => owner === 'a1b2c3d4');
  assert.deepEqual(found, [
    { name: 'a1b2c3d4-v0', owner: 'a1b2c3d4', kind: 'video', ssrc: 1001, rtx: 1002, videoType: 'camera' },
    {
      name: 'a1b2c3d4-v1',
      owner: 'a1b2c3d4',
      kind: 'video',
      ssrc: 2001,
      rtx: undefined,
      videoType: 'desktop',
    },
    {
      name: 'a1b2c3d4-a0',
      owner: 'a1b2c3d4',
      kind: 'audio',
      ssrc: 3001,
      rtx: undefined,
      videoType: 'camera',
    },
  ]);
});

for (const nonsense of [
  '',
  'null',
  '[]',
  '{"sources":null}',
  '{"sources":{"a":null}}',
  '{"sources":{"a":[null,null,null]}}',
  '{"sources":{"a":[[{"s":0,"n":"a-v0"}],[["f"]],[{"s":1}]]}}',
  '{"sources":{"a":[[{"s":4294967296,"n":"a-v0"}],7,"x"]}}',
  '{"sources":{"a":[[7,null,"x"],[7,null],[{"n":"a-a0"}]]}}',
]) {
  test(`nonsense names no source: ${nonsense}`, () => assert.deepEqual(parseJsonSources(nonsense), []));
}

test('standard sources say the same', () => {
  const jingle = xml(`
    <jingle xmlns='urn:xmpp:jingle:1' action='source-add' sid='s'>
      <content creator='initiator' name='video'>
        <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>
          <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1001' name='a1b2c3d4-v0' videoType='desktop'>
            <ssrc-info xmlns='http://jitsi.org/jitmeet' owner='room@conference.example.org/a1b2c3d4'/>
            <parameter name='msid' value='s t'/>
          </source>
          <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1002' name='a1b2c3d4-v0'>
            <ssrc-info xmlns='http://jitsi.org/jitmeet' owner='a1b2c3d4'/>
          </source>
          <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1003' name='nobody-v0'/>
          <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'>
            <source ssrc='1001'/><source ssrc='1002'/>
          </ssrc-group>
        </description>
      </content>
    </jingle>`);
  assert.deepEqual(parseSources(jingle), [
    { name: 'a1b2c3d4-v0', owner: 'a1b2c3d4', kind: 'video', ssrc: 1001, rtx: 1002, videoType: 'desktop' },
  ]);
});
