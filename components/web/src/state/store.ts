// All that the page shows, as signals. Whoever learns something writes it here; the user interface only reads.
import { computed, signal } from '@preact/signals';
import type { Device, LocalTracks, RemoteTrack } from '../media/session';
import type { SourceState } from '../xmpp/presence';

/**
 * ```
 * lobby → connecting → joined ⇄ reconnecting
 *             ↓           ↓         ↓
 *           failed       left     failed        (both lead back to connecting by a click)
 * ```
 */
export type Phase = 'lobby' | 'connecting' | 'joined' | 'reconnecting' | 'left' | 'failed';

/** Where media is: `idle` while nobody else is there, since then there is no session with the bridge. */
export type MediaState = 'idle' | 'connecting' | 'connected' | 'interrupted';

export interface Participant {
  id: string;
  name: string;
  moderator: boolean;
  sources: Map<string, SourceState>;
  /** Video codecs that the participant plays. */
  codecs: readonly string[];
}

export interface ChatLine {
  key: number;
  from: string;
  name: string;
  own: boolean;
  body: string;
  at: Date;
}

export interface Notice {
  key: number;
  text: string;
}

/** What the layout shows of others: wished height per source, and which source fills the stage. */
export interface Wishes {
  heights: Map<string, number>;
  onStage: string[];
  defaultHeight: number;
}

const NOTICE_MS = 8000;
const CHAT_KEPT = 500;

export class Store {
  readonly phase = signal<Phase>('lobby');
  readonly failure = signal('');
  /** Why it takes so long to get in; '' while nothing is known to be wrong. */
  readonly trouble = signal('');
  readonly media = signal<MediaState>('idle');
  readonly channelOpen = signal(false);
  readonly noBridge = signal(false);

  readonly ownId = signal('');
  readonly ownName = signal('');
  readonly moderator = signal(false);
  readonly local = signal<LocalTracks>({ microphone: null, camera: null, screen: null });
  readonly deviceErrors = signal<Partial<Record<Device, string>>>({});

  readonly participants = signal<ReadonlyMap<string, Participant>>(new Map());
  readonly tracks = signal<readonly RemoteTrack[]>([]);
  readonly dominant = signal('');
  readonly inactive = signal<ReadonlySet<string>>(new Set());
  readonly wishes = signal<Wishes>({ heights: new Map(), onStage: [], defaultHeight: 360 });

  readonly chat = signal<readonly ChatLine[]>([]);
  readonly chatOpen = signal(false);
  readonly chatSeen = signal(0);
  readonly notices = signal<readonly Notice[]>([]);

  readonly unread = computed(() => Math.max(0, (this.chat.value.at(-1)?.key ?? 0) - this.chatSeen.value));
  private chatLines = 0;
  private noticeKeys = 0;

  putParticipant(participant: Participant): void {
    this.participants.value = new Map(this.participants.value).set(participant.id, participant);
  }

  dropParticipant(id: string): void {
    const rest = new Map(this.participants.value);
    rest.delete(id);
    this.participants.value = rest;
    if (this.dominant.value === id) this.dominant.value = '';
  }

  addChat(line: Omit<ChatLine, 'key'>): void {
    this.chat.value = [...this.chat.value, { ...line, key: ++this.chatLines }].slice(-CHAT_KEPT);
    if (this.chatOpen.value || line.own) this.chatSeen.value = this.chatLines;
  }

  openChat(open: boolean): void {
    this.chatOpen.value = open;
    if (open) this.chatSeen.value = this.chatLines;
  }

  notify(text: string): void {
    const key = ++this.noticeKeys;
    this.notices.value = [...this.notices.value.filter((notice) => notice.text !== text), { key, text }];
    setTimeout(() => this.dismiss(key), NOTICE_MS);
  }

  dismiss(key: number): void {
    this.notices.value = this.notices.value.filter((notice) => notice.key !== key);
  }

  setActive(id: string, active: boolean): void {
    const inactive = new Set(this.inactive.value);
    if (active) inactive.delete(id);
    else inactive.add(id);
    this.inactive.value = inactive;
  }

  /** Nobody is here any more, as far as we know. */
  clearRoom(): void {
    this.participants.value = new Map();
    this.tracks.value = [];
    this.dominant.value = '';
    this.inactive.value = new Set();
    this.moderator.value = false;
    this.noBridge.value = false;
  }

  nameOf(id: string): string {
    return this.participants.value.get(id)?.name || 'Guest';
  }
}
