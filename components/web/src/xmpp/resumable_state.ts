// Where stream management keeps what it needs to resume (XEP-0198): in memory, never in the browser's storage.
import type { SMState, SMStorageBackend } from 'strophe.js';

export class ResumableState implements SMStorageBackend {
  private state: SMState | null = null;

  /** The id of the session that could be resumed, for the address of the next WebSocket (client.md §4). */
  get id(): string {
    return this.state?.resumeSupported ? this.state.id : '';
  }

  // One connection, one session: the key, an address that each anonymous login changes, is of no use.
  load(): SMState | null {
    return this.state;
  }

  save(_key: string, state: SMState): void {
    this.state = state;
  }

  clear(): void {
    this.state = null;
  }
}
