// The table of m-sections: which one carries whose source. Knows the rules of SSRC rewriting (bridge.md §9), no SDP.
import type { Kind, Offer, RemoteSource } from './model';
import type { Section } from './remote_sdp';

type RemoteSection = Extract<Section, { role: 'remote' }>;

export class Sections {
  readonly list: Section[] = [];

  constructor(offer: Offer) {
    for (const media of offer.media) this.addOwn(media.kind);
    if (offer.transport.sctpPort !== undefined)
      this.list.push({ mid: this.nextMid(), kind: 'data', role: 'data' });
  }

  /** A further section for a source of our own; its MID. */
  addOwn(kind: Kind): string {
    const mid = this.nextMid();
    this.list.push({ mid, kind, role: 'own' });
    return mid;
  }

  /**
   * Learns of a source: a new SSRC takes an m-section, a known one only changes hands.
   * True if the description must be negotiated again.
   */
  put(source: RemoteSource): boolean {
    this.forgetElsewhere(source);
    const known = this.remotes().find((section) => section.source?.ssrc === source.ssrc);
    if (known?.source) {
      // The retransmission SSRC of a known stream never changes.
      known.source = { ...source, rtx: known.source.rtx };
      return false;
    }
    const free = this.remotes().find((section) => section.kind === source.kind && !section.source);
    if (free) free.source = source;
    else this.list.push({ mid: this.nextMid(), kind: source.kind, role: 'remote', source });
    return true;
  }

  /** A source that moved to another SSRC leaves its old stream without an owner, ready to be taken over. */
  private forgetElsewhere(source: RemoteSource): void {
    for (const section of this.remotes()) {
      if (section.source?.name === source.name && section.source.ssrc !== source.ssrc) {
        section.source = { ...section.source, name: '', owner: '' };
      }
    }
  }

  /** Frees the sections whose source matches. True if there was one. */
  remove(matches: (source: RemoteSource) => boolean): boolean {
    const gone = this.remotes().filter((section) => section.source && matches(section.source));
    for (const section of gone) section.source = undefined;
    return gone.length > 0;
  }

  /** The sources that somebody owns, with the section that plays each. */
  playing(): { mid: string; source: RemoteSource }[] {
    return this.remotes().flatMap(({ mid, source }) => (source?.owner ? [{ mid, source }] : []));
  }

  private remotes(): RemoteSection[] {
    return this.list.filter((section): section is RemoteSection => section.role === 'remote');
  }

  private nextMid(): string {
    return String(this.list.length);
  }
}
