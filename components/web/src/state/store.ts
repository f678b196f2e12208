// All that the page shows, as signals. Whoever learns something writes it here; the user interface only reads.
import { computed, signal } from '@preact/signals';
import type { Device, LocalTracks, RemoteTrack } from '../media/session';
import type { Knocker } from '../xmpp/lobby_room';
import { type MuteKind, muteKind } from '../xmpp/mute';
import type { Occupant } from '../xmpp/presence';
import type { Reaction } from '../xmpp/reactions';
import type { RoomInfo, Services } from '../xmpp/services';
import { EVERYTHING, leads, may, type Policy, type Right, type Role } from './rights';

/**
 * ```
 * before → connecting ⇄ waiting (for a host), knocking (in the lobby), password
 *              ↓
 *           joined ⇄ reconnecting
 *              ↓
 *   left, removed, ended, failed          (all but removed lead back by a click)
 * ```
 */
export type Phase =
  | 'before'
  | 'connecting'
  | 'waiting'
  | 'knocking'
  | 'password'
  | 'joined'
  | 'reconnecting'
  | 'left'
  | 'removed'
  | 'ended'
  | 'failed';

/** Where media is: `idle` while nobody else is there, since then there is no session with the bridge. */
export type MediaState = 'idle' | 'connecting' | 'connected' | 'interrupted';

export type Participant = Occupant;

export type Panel = 'none' | 'chat' | 'people' | 'meeting';

export interface ChatLine {
  key: number;
  from: string;
  name: string;
  own: boolean;
  /** Where it is not for everybody: the name of the one whom it is for. */
  onlyTo: string;
  body: string;
  at: Date;
}

export interface ShownReaction {
  key: number;
  from: string;
  reaction: Reaction;
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
const REACTION_MS = 4000;
const REACTIONS_SHOWN = 30;
const NO_ROOM: RoomInfo = { password: false, membersOnly: false, lobbyRoom: '' };

export class Store {
  readonly phase = signal<Phase>('before');
  readonly failure = signal('');
  /** Why it takes so long to get in; '' while nothing is known to be wrong. */
  readonly trouble = signal('');
  readonly media = signal<MediaState>('idle');
  readonly channelOpen = signal(false);
  readonly noBridge = signal(false);

  readonly ownId = signal('');
  readonly ownName = signal('');
  readonly role = signal<Role>('participant');
  readonly policy = signal<Policy>(EVERYTHING);
  readonly services = signal<Services>({});
  readonly roomInfo = signal<RoomInfo>(NO_ROOM);
  /** What is switched off for all whom nobody allowed it, and what we were allowed. */
  readonly moderated = signal<ReadonlySet<MuteKind>>(new Set());
  readonly approved = signal<ReadonlySet<MuteKind>>(new Set());
  /** For those who lead: who was allowed what. */
  readonly allowed = signal<ReadonlyMap<MuteKind, ReadonlySet<string>>>(new Map());
  /** As we set it, for invitations. */
  readonly meetingPassword = signal('');
  /** Who is in the lobby room, and of them who is not in the meeting: those who lead sit there, too. */
  readonly inLobby = signal<readonly Knocker[]>([]);
  readonly knockers = computed(() => {
    const inside = new Set([...this.participants.value.values()].map(({ realJid }) => realJid));
    return this.inLobby.value.filter(({ realJid }) => !inside.has(realJid));
  });
  /** Raised hands: when each went up, as far as we can tell. */
  readonly hands = signal<ReadonlyMap<string, number>>(new Map());
  readonly local = signal<LocalTracks>({ microphone: null, camera: null, screen: null });
  readonly deviceErrors = signal<Partial<Record<Device, string>>>({});

  readonly participants = signal<ReadonlyMap<string, Participant>>(new Map());
  readonly tracks = signal<readonly RemoteTrack[]>([]);
  readonly dominant = signal('');
  readonly inactive = signal<ReadonlySet<string>>(new Set());
  readonly wishes = signal<Wishes>({ heights: new Map(), onStage: [], defaultHeight: 360 });

  readonly chat = signal<readonly ChatLine[]>([]);
  readonly panel = signal<Panel>('none');
  /** Whom the draft is for; '' for everybody. */
  readonly chatTo = signal('');
  readonly chatSeen = signal(0);
  readonly notices = signal<readonly Notice[]>([]);
  readonly reactions = signal<readonly ShownReaction[]>([]);

  readonly unread = computed(() => Math.max(0, (this.chat.value.at(-1)?.key ?? 0) - this.chatSeen.value));
  /** Ids in the order in which they want to speak. */
  readonly queue = computed(() => [...this.hands.value].sort((a, b) => a[1] - b[1]).map(([id]) => id));
  /** Something waits for those who lead. */
  readonly waiting = computed(() => this.knockers.value.length + this.hands.value.size);
  private chatLines = 0;
  private noticeKeys = 0;
  private reactionKeys = 0;

  can(right: Right): boolean {
    return may(this.role.value, right, this.policy.value);
  }

  /** Why a device must stay off: by the meeting's policy, or until somebody allows it; '' where it may be on. */
  barred(device: Device): '' | 'policy' | 'moderated' {
    if (!this.can(device)) return 'policy';
    const kind = muteKind(device);
    const silent = this.moderated.value.has(kind) && !this.approved.value.has(kind);
    return silent && !leads(this.role.value) ? 'moderated' : '';
  }

  putParticipant(participant: Participant): void {
    this.putHand(participant.id, participant.raisedHand);
    this.participants.value = new Map(this.participants.value).set(participant.id, participant);
  }

  /** A hand that is seen to rise joins the end of the queue, whatever it says; one that was up before is believed. */
  putHand(id: string, raised: number): void {
    if (raised > 0 === this.hands.value.has(id)) return;
    const hands = new Map(this.hands.value);
    const now = Date.now();
    if (raised === 0) hands.delete(id);
    else hands.set(id, this.phase.value === 'joined' ? now : Math.min(raised, now));
    this.hands.value = hands;
  }

  dropParticipant(id: string): void {
    this.putHand(id, 0);
    const rest = new Map(this.participants.value);
    rest.delete(id);
    this.participants.value = rest;
    if (this.dominant.value === id) this.dominant.value = '';
  }

  addChat(line: Omit<ChatLine, 'key'>): void {
    this.chat.value = [...this.chat.value, { ...line, key: ++this.chatLines }].slice(-CHAT_KEPT);
    if (this.panel.value === 'chat' || line.own) this.chatSeen.value = this.chatLines;
  }

  openPanel(panel: Panel): void {
    this.panel.value = panel;
    if (panel === 'chat') this.chatSeen.value = this.chatLines;
  }

  addReactions(from: string, reactions: readonly Reaction[]): void {
    const added = reactions.map((reaction) => ({ key: ++this.reactionKeys, from, reaction }));
    this.reactions.value = [...this.reactions.value, ...added].slice(-REACTIONS_SHOWN);
    const keys = new Set(added.map(({ key }) => key));
    setTimeout(() => {
      this.reactions.value = this.reactions.value.filter(({ key }) => !keys.has(key));
    }, REACTION_MS);
  }

  /** Stays until somebody has read it and says so. */
  announce(text: string): void {
    this.notices.value = [...this.notices.value, { key: ++this.noticeKeys, text }];
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
    this.role.value = 'participant';
    this.policy.value = EVERYTHING;
    this.roomInfo.value = NO_ROOM;
    this.moderated.value = new Set();
    this.approved.value = new Set();
    this.allowed.value = new Map();
    this.inLobby.value = [];
    this.hands.value = new Map();
    this.noBridge.value = false;
  }

  nameOf(id: string): string {
    if (id === this.ownId.value) return this.ownName.value || 'You';
    return this.participants.value.get(id)?.name || 'Guest';
  }
}
