// A host's account on the stack under test, made with the operator's command, and the authenticator app that belongs to it.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import path from 'node:path';

const STEP_SECONDS = 30;
const PASSWORD = 'correct horse battery';

export class Account {
  /** Asks for codes from then on. */
  static async withTotp(stack, name) {
    const account = new Account(stack, name);
    await account.command(['add', name], `${PASSWORD}\n`);
    await account.turnTotpOn();
    return account;
  }

  constructor(stack, name) {
    this.folder = stack.folder;
    this.name = name;
    this.password = PASSWORD;
  }

  /** What the app shows now (RFC 6238), or some steps from now. */
  code(stepsFromNow = 0) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS) + stepsFromNow));
    const digest = createHmac('sha1', decodeBase32(this.secret)).update(counter).digest();
    const offset = digest.at(-1) & 15;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  async turnTotpOn() {
    const said = await this.command(['totp', this.name], (line) => {
      this.secret = /secret=([A-Z2-7]+)/.exec(line)?.[1];
      // of the step before, which leaves this one's to the test
      return this.secret && `${this.code(-1)}\n`;
    });
    this.recoveryCodes = said.split('\n').filter((line) => line.startsWith('  ')).map((line) => line.trim());
  }

  /** Runs `cloister host`; `input` is what it reads, or a function of what it has printed. Resolves with all that it printed. */
  command(words, input) {
    const config = path.join(this.folder, 'config/gate.yaml');
    const child = spawn(path.join(this.folder, 'bin/cloister'), ['host', '--config', config, ...words]);
    let said = '';
    const answer = () => {
      const text = typeof input === 'function' ? input(said) : input;
      if (text && child.stdin.writable) child.stdin.end(text);
    };
    child.stdout.on('data', (data) => {
      said += data;
      answer();
    });
    if (typeof input === 'string') answer();
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status) => (status === 0 ? resolve(said) : reject(new Error(`cloister host ${words[0]} failed: ${status}`))));
    });
  }
}

function decodeBase32(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
