// The host's account: name, password and code go to the gate once; what stays is a token that takes their place at the
// server (docs/decisions/0012). It lives in the tab's session storage, so that a reload keeps the host's role.
import { signal } from '@preact/signals';

const SIGN_IN = '/host/sign-in';
const SIGN_OUT = '/host/sign-out';
const STORED = 'cloister.host';

export interface Host {
  user: string;
  token: string;
}

/** What the gate may answer: docs in components/gate/http/http_api.h. */
interface Answer {
  result?: unknown;
  user?: unknown;
  token?: unknown;
  seconds?: unknown;
}

export class HostAccount {
  readonly host = signal<Host | undefined>(restore());

  /**
   * '' when signed in, else why not.
   * @param redeem signs in at the message server: a token that nobody used within two minutes ends.
   */
  async signIn(
    name: string,
    password: string,
    code: string,
    redeem: (host: Host) => Promise<boolean>,
  ): Promise<string> {
    let response: Response;
    try {
      const user = name.trim();
      response = await post(SIGN_IN, { user, password, code: code.replace(/\s+/g, '') });
    } catch {
      return 'The server does not answer. Is this device online?';
    }
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (!response.ok) return describe(response.status, answer);
    const host = { user: String(answer.user ?? ''), token: String(answer.token ?? '') };
    if (!host.user || !host.token) return describe(503, {});
    if (!(await redeem(host))) return 'The meeting server does not answer. Please try again.';
    this.keep(host);
    return '';
  }

  async signOut(): Promise<void> {
    const token = this.host.value?.token;
    this.forget();
    if (token) await post(SIGN_OUT, { token }).catch(() => undefined);
  }

  /** The token is over: its day, or the account changed. */
  forget(): void {
    this.host.value = undefined;
    sessionStorage.removeItem(STORED);
  }

  private keep(host: Host): void {
    this.host.value = host;
    sessionStorage.setItem(STORED, JSON.stringify(host));
  }
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(15_000),
  });
}

function restore(): Host | undefined {
  try {
    const kept = JSON.parse(globalThis.sessionStorage?.getItem(STORED) ?? 'null') as Host | null;
    return typeof kept?.user === 'string' && typeof kept.token === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** One sentence for wrong name, password and code alike: which of them it was is nobody's to learn. */
export function describe(status: number, { result, seconds }: Answer): string {
  if (status === 403) return 'Name, password or code is wrong.';
  if (status === 429) return `Too many attempts. Please wait ${inWords(Number(seconds))}, then try again.`;
  if (result === 'busy') return 'Many people sign in right now. Please try again in a moment.';
  return 'Hosts cannot sign in at the moment. Please try again later.';
}

export function inWords(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds <= 1) return 'a second';
  if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
