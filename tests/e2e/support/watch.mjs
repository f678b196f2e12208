// Runs in the page before its own scripts: keeps every peer connection and the connection to the server, and samples what each
// remote picture and sound does.

export function watch() {
  const SAMPLE_MS = 50;
  const peers = [];
  const pictures = new Map(); // by source name: {track, frames, last, longest, height, width, overhead, since}

  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...settings) {
      super(...settings);
      peers.push(this);
    }
  };

  let server; // the latest WebSocket that speaks XMPP
  const OriginalSocket = window.WebSocket;
  window.WebSocket = class extends OriginalSocket {
    constructor(url, protocols) {
      super(url, protocols);
      if ([protocols].flat().includes('xmpp')) server = this;
    }
  };

  /** Sends a request that the page would not send, and gives the name of the error in its answer, or 'result'. */
  function ask(to, payload) {
    const id = `asked-${crypto.randomUUID()}`;
    const answered = new Promise((resolve) => {
      server.addEventListener('message', ({ data }) => {
        if (!data.includes(id)) return;
        const error = new DOMParser().parseFromString(data, 'text/xml').querySelector('error');
        resolve(error ? error.firstElementChild.localName : 'result');
      });
    });
    server.send(`<iq xmlns="jabber:client" type="set" to="${to}" id="${id}">${payload}</iq>`);
    return answered;
  }

  async function inbound(kind) {
    const found = [];
    for (const peer of peers) {
      if (peer.connectionState === 'closed') continue;
      for (const entry of (await peer.getStats()).values()) if (entry.type === 'inbound-rtp' && entry.kind === kind) found.push(entry);
    }
    return found;
  }

  // A picture stands still from its last frame on. Where the page itself did not get to run, the frames of that time are taken as even.
  function note(source, track, entry, now) {
    let picture = pictures.get(source);
    if (!picture) pictures.set(source, (picture = { source, frames: 0, longest: 0, last: now, seen: now }));
    if (picture.track !== track) Object.assign(picture, { track, decoded: entry.framesDecoded });
    const fresh = entry.framesDecoded - picture.decoded;
    const still = fresh > 0 ? picture.seen - picture.last + (now - picture.seen) / fresh : now - picture.last;
    picture.longest = Math.max(picture.longest, still);
    picture.decoded = entry.framesDecoded;
    if (fresh > 0) Object.assign(picture, { frames: picture.frames + fresh, last: now });
    const overhead = entry.headerBytesReceived / entry.packetsReceived; // headers and padding
    Object.assign(picture, { width: entry.frameWidth ?? 0, height: entry.frameHeight ?? 0, overhead, seen: now });
  }

  let sampled;
  let starved = 0; // the longest time between two samples

  async function sample() {
    const entries = new Map((await inbound('video')).map((entry) => [entry.trackIdentifier, entry]));
    const now = performance.now();
    starved = Math.max(starved, now - (sampled ?? now));
    sampled = now;
    for (const video of document.querySelectorAll('[data-testid="tile"][data-own="false"] video')) {
      const track = video.srcObject?.getVideoTracks()[0]?.id;
      if (entries.has(track)) note(video.closest('[data-source]').dataset.source, track, entries.get(track), now);
    }
    setTimeout(sample, SAMPLE_MS);
  }

  async function sound() {
    const entries = await inbound('audio');
    return {
      energy: entries.reduce((sum, entry) => sum + (entry.totalAudioEnergy ?? 0), 0),
      packets: entries.reduce((sum, entry) => sum + entry.packetsReceived, 0),
      lost: entries.reduce((sum, entry) => sum + Math.max(entry.packetsLost, 0), 0),
      streams: entries.map(({ ssrc, packetsReceived, totalAudioEnergy }) => ({ ssrc, packets: packetsReceived, energy: totalAudioEnergy ?? 0 })),
    };
  }

  /** How loud the own microphone is, as often as the page can tell: [[milliseconds since 1970, 0…1]]. */
  async function voice(seconds) {
    const heard = [];
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
      for (const peer of peers) {
        const stats = peer.connectionState === 'connected' ? [...(await peer.getStats()).values()] : [];
        const source = stats.find((entry) => entry.type === 'media-source' && entry.kind === 'audio');
        if (source) heard.push([Date.now(), source.audioLevel ?? 0]);
      }
    }
    return heard;
  }

  /** The UDP ports at both ends of the path that is in use. */
  async function path() {
    for (const peer of peers) {
      if (peer.connectionState !== 'connected') continue;
      const stats = await peer.getStats();
      for (const entry of stats.values()) {
        if (entry.type !== 'transport' || !entry.selectedCandidatePairId) continue;
        const pair = stats.get(entry.selectedCandidatePairId);
        return { own: stats.get(pair.localCandidateId).port, bridge: stats.get(pair.remoteCandidateId).port };
      }
    }
    return undefined;
  }

  window.watched = {
    ask,
    path,
    voice,
    pictures: () => [...pictures.values()].filter((picture) => performance.now() - picture.seen < 1000),
    starved: () => Math.round(starved),
    forget: () => { // a new period of observation
      pictures.clear();
      starved = 0;
    },
    sound,
  };
  document.addEventListener('DOMContentLoaded', sample);
}
