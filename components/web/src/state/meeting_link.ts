// Names of meetings. Who knows the name can knock, so it must not be guessed: 128 random bits; or words that can be read
// out on the telephone, with 64 bits at least, and then the lobby is always on.
import { WORDS } from './words';

const RANDOM_BYTES = 16;
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
/** Seven words of 1024 are 70 bits. */
const WORD_COUNT = 7;

/** 26 letters and digits of 5 bits, none of which looks like another. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  let bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let name = '';
  for (let left = RANDOM_BYTES * 8; left > 0; left -= 5) {
    name += LETTERS[Number(bits & 31n)];
    bits >>= 5n;
  }
  return name;
}

export function readableName(): string {
  const picks = crypto.getRandomValues(new Uint16Array(WORD_COUNT));
  return [...picks].map((pick) => WORDS[pick % WORDS.length]).join('-');
}

const known = new Set(WORDS);

/** Whether a name was made of words, by this page or another one like it. */
export function isReadable(room: string): boolean {
  const words = room.split('-');
  return words.length === WORD_COUNT && words.every((word) => known.has(word));
}

export const meetingLink = (room: string): string =>
  new URL(`/${encodeURIComponent(room)}`, location.href).href;

export function invitation(link: string, host: string, password = ''): string {
  const lines = [
    host ? `${host} invites you to a meeting.` : 'You are invited to a meeting.',
    '',
    'Open this link in a browser, on a computer or a phone. No account and no app is needed:',
    link,
  ];
  if (password) lines.push('', `Password: ${password}`);
  lines.push('', 'If you are early, wait on the page: it lets you in when the meeting starts.');
  return lines.join('\n');
}
