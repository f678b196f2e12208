// The XMPP session over WebSocket (or BOSH): login, IQs as promises, keep-alive, reconnect with back-off.
import { Strophe } from 'strophe.js';
import { NS } from './ns';
import { ResumableState } from './resumable_state';
import { StanzaError } from './stanza_error';
import { attr, child, children, el, namespaceOf } from './xml';

const IQ_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 12_000;
const PING_AFTER_MS = 10_000;
const PING_TIMEOUT_MS = 5_000;
const LOST_AFTER_PINGS = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

export interface ConnectionEvents {
  /** `resumed`: the server kept our place, nothing was lost. Otherwise everything starts anew. */
  onOnline(resumed: boolean): void;
  onOffline(): void;
  /** A try to connect failed; the next one follows. */
  onUnreachable(): void;
  /** The server does not know the account any more, or not with this token. */
  onSignInRefused(): void;
  onPresence(presence: Element): void;
  onMessage(message: Element): void;
  /** Payload of the result; throws StanzaError to refuse. */
  onRequest(iq: Element, payload: Element): Element | undefined;
}

interface Pending {
  resolve(result: Element): void;
  reject(error: StanzaError): void;
  timer: ReturnType<typeof setTimeout>;
}

export interface ConnectionOptions {
  service: string;
  room: string;
  /** Where we sign in; it answers pings too. */
  domain: string;
  /** Nobody in particular without it. */
  account: { user: string; token: string } | undefined;
  resume: boolean;
}

export class XmppConnection {
  private readonly strophe: InstanceType<typeof Strophe.Connection>;
  private readonly resumable = new ResumableState();
  private readonly pending = new Map<string, Pending>();
  private readonly prefix = crypto.randomUUID().slice(0, 8);
  private count = 0;
  private pause = FIRST_PAUSE_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private guard: ReturnType<typeof setTimeout> | undefined;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private heard = 0;
  private missed = 0;
  private online = false;
  private closed = false;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly events: ConnectionEvents,
  ) {
    Strophe.setLogLevel(Strophe.LogLevel.FATAL);
    this.strophe = new Strophe.Connection(this.address(), {
      enableStreamManagement: options.resume,
      streamManagement: { storage: this.resumable },
    });
    window.addEventListener('online', this.hurry);
  }

  get jid(): string {
    return this.strophe.jid;
  }

  connect(): void {
    this.retry = undefined;
    this.strophe.service = this.address();
    this.guard = setTimeout(() => this.drop(), CONNECT_TIMEOUT_MS);
    const { domain, account } = this.options;
    this.strophe.connect(
      account ? `${account.user}@${domain}` : domain,
      account?.token ?? '',
      (status: number, _condition: unknown, element: unknown) => this.onStatus(status, element),
    );
  }

  /** Ends the session for good; the server hears of it at once. */
  close(): void {
    this.closed = true;
    window.removeEventListener('online', this.hurry);
    clearTimeout(this.retry);
    this.stopTimers();
    this.rejectAll('disconnected');
    if (this.online) this.strophe.disconnect('left');
    else this.drop();
    this.online = false;
  }

  send(stanza: Element): void {
    if (!this.online) return;
    if (!stanza.getAttribute('xmlns')) stanza.setAttribute('xmlns', NS.client);
    this.strophe.send(stanza);
  }

  request(type: 'get' | 'set', to: string, payload: Element, timeout = IQ_TIMEOUT_MS): Promise<Element> {
    if (!this.online) return Promise.reject(new StanzaError('disconnected'));
    const id = `${this.prefix}-${++this.count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.settle(id, (each) => each.reject(new StanzaError('timeout'))),
        timeout,
      );
      this.pending.set(id, { resolve, reject, timer });
      this.send(el('iq', { type, to, id }, payload));
    });
  }

  ping(timeout = PING_TIMEOUT_MS): Promise<Element> {
    return this.request('get', this.options.domain, el('ping', { xmlns: NS.ping }), timeout);
  }

  private address(): string {
    const url = new URL(this.options.service, location.href);
    if (this.options.service.startsWith('/')) url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('room', this.options.room);
    if (this.resumable.id) url.searchParams.set('previd', this.resumable.id);
    return url.href;
  }

  private onStatus(status: number, element: unknown): void {
    if (status === Strophe.Status.CONNECTED) this.onConnected();
    else if (status === Strophe.Status.DISCONNECTED) this.onDisconnected();
    else if (status === Strophe.Status.AUTHFAIL) this.onAuthenticationFailed(element as Element | null);
  }

  private onAuthenticationFailed(failure: Element | null | undefined): void {
    const refused = this.options.account && failure && child(failure, 'not-authorized');
    if (!refused) return this.drop();
    this.close();
    this.events.onSignInRefused();
  }

  private onConnected(): void {
    clearTimeout(this.guard);
    this.online = true;
    this.pause = FIRST_PAUSE_MS;
    this.missed = 0;
    this.heard = performance.now();
    this.pinger = setInterval(() => void this.keepAlive(), PING_AFTER_MS);
    this.listen('presence', (presence) => this.events.onPresence(presence));
    this.listen('message', (message) => this.events.onMessage(message));
    this.listen('iq', (iq) => this.onIq(iq));
    const resumed = this.strophe.hasResumed();
    if (!resumed) this.rejectAll('disconnected');
    this.events.onOnline(resumed);
  }

  private onDisconnected(): void {
    this.stopTimers();
    if (this.closed || this.retry !== undefined) return;
    const was = this.online;
    this.online = false;
    this.retry = setTimeout(() => this.connect(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    if (was) this.events.onOffline();
    else this.events.onUnreachable();
  }

  /** The network is back: no reason to wait for the next try. */
  private readonly hurry = (): void => {
    if (this.retry === undefined) return;
    clearTimeout(this.retry);
    this.pause = FIRST_PAUSE_MS;
    this.connect();
  };

  /** Gives the socket up at once, without a closing handshake that a dead network would never answer. */
  private drop(): void {
    this.strophe._doDisconnect();
  }

  private async keepAlive(): Promise<void> {
    if (performance.now() - this.heard < PING_AFTER_MS) return;
    try {
      await this.ping();
      this.missed = 0;
    } catch (error) {
      const lost = (error as StanzaError).condition === 'timeout' && ++this.missed >= LOST_AFTER_PINGS;
      if (lost && this.online) this.drop();
    }
  }

  private stopTimers(): void {
    clearTimeout(this.guard);
    clearInterval(this.pinger);
  }

  private listen(name: string, handle: (stanza: Element) => void): void {
    this.strophe.addHandler(
      (stanza: Element) => {
        this.heard = performance.now();
        try {
          handle(stanza);
        } catch {
          // A stanza that we stumble over must not stop the ones after it.
        }
        return true;
      },
      null,
      name,
      null,
      null,
      null,
    );
  }

  private onIq(iq: Element): void {
    const type = attr(iq, 'type');
    if (type === 'result') this.settle(attr(iq, 'id'), (pending) => pending.resolve(iq));
    else if (type === 'error') this.settle(attr(iq, 'id'), (pending) => pending.reject(StanzaError.from(iq)));
    else this.answer(iq);
  }

  private settle(id: string, how: (pending: Pending) => void): void {
    const pending = this.pending.get(id);
    if (!pending) return;
    this.pending.delete(id);
    clearTimeout(pending.timer);
    how(pending);
  }

  private rejectAll(condition: string): void {
    for (const id of [...this.pending.keys()])
      this.settle(id, (each) => each.reject(new StanzaError(condition)));
  }

  private answer(iq: Element): void {
    const reply = { to: attr(iq, 'from') || undefined, id: attr(iq, 'id') };
    const payload = children(iq)[0];
    try {
      if (!payload) throw new StanzaError('bad-request', '', 'modify');
      const result = namespaceOf(payload) === NS.ping ? undefined : this.events.onRequest(iq, payload);
      this.send(el('iq', { ...reply, type: 'result' }, result));
    } catch (error) {
      const refusal = error instanceof StanzaError ? error : new StanzaError('internal-server-error');
      this.send(el('iq', { ...reply, type: 'error' }, refusal.element()));
    }
  }
}
