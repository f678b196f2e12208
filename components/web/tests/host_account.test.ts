import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HostAccount, inWords } from '../src/state/host_account';

let stored: Map<string, string>;
let asked: { url: string; body: unknown }[];
let answer: { status: number; body: unknown } | 'unreachable';

beforeEach(() => {
  stored = new Map();
  asked = [];
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
    fetch: async (url: string, { body }: { body: string }) => {
      asked.push({ url, body: JSON.parse(body) });
      if (answer === 'unreachable') throw new TypeError('fetch failed');
      return new Response(JSON.stringify(answer.body), { status: answer.status });
    },
  });
});

const works = async () => true;

test('name, password and code go to the gate; only the token stays, and survives a reload', async () => {
  answer = { status: 200, body: { result: 'accepted', user: 'anna', token: 't0ken', seconds: 120 } };
  const account = new HostAccount();
  assert.equal(await account.signIn(' Anna ', 'correct horse', '123 456', works), '');
  assert.deepEqual(asked, [
    { url: '/host/sign-in', body: { user: 'Anna', password: 'correct horse', code: '123456' } },
  ]);
  assert.deepEqual(account.host.value, { user: 'anna', token: 't0ken' });
  assert.ok(![...stored.values()].some((value) => value.includes('horse') || value.includes('123456')));
  assert.deepEqual(new HostAccount().host.value, { user: 'anna', token: 't0ken' }, 'after a reload');
});

for (const [status, body, expected] of [
  [403, { result: 'refused' }, /^Name, password or code is wrong\.$/],
  [429, { result: 'wait', seconds: 8 }, /wait 8 seconds/],
  [429, { result: 'wait', seconds: 300 }, /wait 5 minutes/],
  [503, { result: 'busy' }, /Many people/],
  [503, { result: 'unavailable' }, /at the moment/],
  [200, { result: 'accepted' }, /at the moment/],
] as const) {
  test(`the gate answers ${status} ${JSON.stringify(body)}`, async () => {
    answer = { status, body };
    const account = new HostAccount();
    assert.match(await account.signIn('anna', 'x', '', works), expected);
    assert.equal(account.host.value, undefined);
    assert.equal(stored.size, 0);
  });
}

test('a token that the message server does not take is not kept', async () => {
  answer = { status: 200, body: { result: 'accepted', user: 'anna', token: 't0ken' } };
  const account = new HostAccount();
  assert.match(await account.signIn('anna', 'x', '', async () => false), /does not answer/);
  assert.equal(stored.size, 0);
});

test('offline is said as such', async () => {
  answer = 'unreachable';
  assert.match(await new HostAccount().signIn('anna', 'x', '', works), /online/);
});

test('signing out ends the token here and there', async () => {
  answer = { status: 200, body: { result: 'accepted', user: 'anna', token: 't0ken' } };
  const account = new HostAccount();
  await account.signIn('anna', 'x', '', works);
  await account.signOut();
  assert.deepEqual(asked.at(-1), { url: '/host/sign-out', body: { token: 't0ken' } });
  assert.equal(account.host.value, undefined);
  assert.equal(stored.size, 0);
});

test('waits are told in words', () => {
  assert.deepEqual([0, 1, 8, 89, 90, 600].map(inWords), [
    'a second',
    'a second',
    '8 seconds',
    '89 seconds',
    '2 minutes',
    '10 minutes',
  ]);
});
