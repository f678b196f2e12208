// Many guests without browsers (cloister-load): they wait outside and in the lobby, come in when they are let in, and talk. They obey
// nobody: who is muted goes on talking, who is removed comes again.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const program = process.env.CLOISTER_LOAD ?? path.join(root, 'build/bench/tests/load/cloister-load');
const LONGEST = 600; // seconds

export class Load {
  /** `name` 1, `name` 2 … knock at the link's door. */
  constructor(stack, link, name, participants) {
    const options = ['--url', link, '--ca-file', stack.facts.ca, '--json', '--name', name, '--participants', participants];
    const behaviour = ['--talkers', participants, '--senders', 0, '--wait', LONGEST, '--seconds', LONGEST, '--come-again'];
    this.child = spawn(program, [...options, ...behaviour].map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let progress = '';
    this.child.stdout.on('data', (data) => (said += data));
    this.child.stderr.on('data', (data) => (progress += data));
    this.progress = () => progress;
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', () => resolve(said));
    });
  }

  /** Once all have their connection to the bridge. */
  areIn() {
    return until('all are in the call', () => this.progress().includes('Measuring'), 60);
  }

  /** Sends them home once all are in; what each of them met, by number (docs/load.md). */
  async end() {
    this.child.kill('SIGINT');
    return JSON.parse(await this.ended).participants;
  }

  async close() {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
