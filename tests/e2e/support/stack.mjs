// The stack under test: appliance/try in a folder of its own.
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const run = promisify(execFile);

export class Stack {
  /** Starts it, with what is built: tests/run has built before. */
  static async start(...options) {
    const stack = new Stack();
    const { stdout } = await stack.command('--detach', '--json', '--no-build', '--testing', ...options);
    stack.facts = JSON.parse(stdout);
    return stack;
  }

  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'cloister-e2e-'));
    chmodSync(this.folder, 0o755);
  }

  command(...options) {
    return run(path.join(root, 'appliance/try'), ['--dir', this.folder, ...options]);
  }

  link(room) {
    return new URL(`/${room}`, this.facts.url).href;
  }

  /** {name: {pid, state, restarts}} */
  async services() {
    return JSON.parse((await this.command('--status', '--json')).stdout).services;
  }

  async kill(service, signal = 'SIGKILL') {
    const { pid } = (await this.services())[service];
    process.kill(pid, signal);
    return pid;
  }

  async stop() {
    await this.command('--stop').catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let rooms = 0;

/** A room that no other test of this run is in. */
export const freshRoom = (name) => `${name}-${process.pid}-${++rooms}`;
