// The text channel to the bridge: an SCTP data channel, or a WebSocket where none is offered (bridge.md §8).
// Reopens itself with back-off until it is closed from here.

const LABEL = 'JVB data channel';
const PROTOCOL = 'http://jitsi.org/protocols/colibri';
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60000;

type Link = RTCDataChannel | WebSocket;

export interface ChannelEvents {
  onOpen(): void;
  onMessage(json: string): void;
  onClose(): void;
}

export class BridgeChannel {
  private link: Link | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE_MS;
  private closed = false;

  constructor(
    private readonly dial: () => Link | undefined,
    private readonly events: ChannelEvents,
  ) {
    this.open();
  }

  get isOpen(): boolean {
    return this.link?.readyState === 'open' || this.link?.readyState === WebSocket.OPEN;
  }

  send(message: object): void {
    if (this.isOpen) this.link?.send(JSON.stringify(message));
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.link?.close();
  }

  private open(): void {
    const link = this.dial();
    if (!link) return;
    this.link = link;
    link.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.events.onOpen();
    };
    link.onmessage = (event: MessageEvent) => {
      if (typeof event.data === 'string') this.events.onMessage(event.data);
    };
    link.onclose = () => this.onClose(link);
  }

  private onClose(link: Link): void {
    if (this.closed || this.link !== link) return;
    this.link = undefined;
    this.events.onClose();
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}

/** Opens the data channel of a connection; nothing once that is closed. */
export const dialData = (pc: RTCPeerConnection) => (): RTCDataChannel | undefined =>
  pc.connectionState === 'closed' ? undefined : pc.createDataChannel(LABEL, { protocol: PROTOCOL });

export const dialSocket = (url: string) => (): WebSocket => new WebSocket(url);
