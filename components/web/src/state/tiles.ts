// Which tiles there are, in what order, how big: pure functions, so that the layout can be tested without a browser.
import { cameraName, microphoneName, screenName } from '../media/model';
import type { LocalTracks, RemoteTrack } from '../media/session';
import type { Role } from './rights';
import type { Participant, Wishes } from './store';

export interface Tile {
  /** The source's name: stable for the life of the tile. */
  key: string;
  kind: 'camera' | 'screen';
  own: boolean;
  participant: string;
  name: string;
  role: Role;
  track: MediaStreamTrack | undefined;
  videoMuted: boolean;
  audioMuted: boolean;
}

export interface Self {
  id: string;
  name: string;
  role: Role;
  local: LocalTracks;
}

/** Screens first, then the others as they came, oneself last. */
export function tilesOf(people: Iterable<Participant>, tracks: readonly RemoteTrack[], self: Self): Tile[] {
  const others = [...people].flatMap((participant) => tilesOfOther(participant, tracks));
  const all = [...others, ...tilesOfSelf(self)];
  return [...all.filter((tile) => tile.kind === 'screen'), ...all.filter((tile) => tile.kind === 'camera')];
}

function tilesOfOther(person: Participant, tracks: readonly RemoteTrack[]): Tile[] {
  const track = (name: string) =>
    tracks.find(({ source }) => source.kind === 'video' && source.name === name && source.owner === person.id)
      ?.track;
  const audioMuted = person.sources.get(microphoneName(person.id))?.muted !== false;
  const base = {
    own: false,
    participant: person.id,
    name: person.name,
    role: person.role,
    audioMuted,
  };
  const video = [...person.sources].filter(([name]) => name.startsWith(`${person.id}-v`));
  const screens = video.filter(([, state]) => state.videoType === 'desktop' && !state.muted);
  const camera = video.find(([, state]) => state.videoType === 'camera');
  const key = camera?.[0] ?? `${person.id}-none`;
  const videoMuted = camera?.[1].muted !== false;
  return [
    { ...base, key, kind: 'camera', track: videoMuted ? undefined : track(key), videoMuted },
    ...screens.map(([name]): Tile => ({
      ...base,
      key: name,
      kind: 'screen',
      track: track(name),
      videoMuted: false,
    })),
  ];
}

function tilesOfSelf({ id, name, role, local }: Self): Tile[] {
  const base = { own: true, participant: id, name, role, audioMuted: !local.microphone };
  const camera: Tile = {
    ...base,
    key: cameraName(id),
    kind: 'camera',
    track: local.camera ?? undefined,
    videoMuted: !local.camera,
  };
  if (!local.screen) return [camera];
  return [{ ...base, key: screenName(id), kind: 'screen', track: local.screen, videoMuted: false }, camera];
}

/** The tile that fills the stage: the one somebody chose, else a screen of another; '' chooses the grid. */
export function stageOf(tiles: Tile[], chosen: string | undefined): Tile | undefined {
  if (chosen === '') return undefined;
  return (
    tiles.find((tile) => tile.key === chosen) ?? tiles.find((tile) => tile.kind === 'screen' && !tile.own)
  );
}

const ASPECT = 16 / 9;

/** The number of columns that makes 16:9 tiles largest, and their size in CSS pixels. */
export function bestGrid(
  count: number,
  width: number,
  height: number,
  gap: number,
): { columns: number; width: number; height: number } {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; ++columns) {
    const rows = Math.ceil(count / columns);
    const room = {
      width: (width - gap * (columns - 1)) / columns,
      height: (height - gap * (rows - 1)) / rows,
    };
    const tileWidth = Math.max(0, Math.min(room.width, room.height * ASPECT));
    if (tileWidth > best.width)
      best = { columns, width: Math.floor(tileWidth), height: Math.floor(tileWidth / ASPECT) };
  }
  return best;
}

/** A picture may be stretched by a quarter before the next larger one is worth its bandwidth. */
const STRETCH = 1.25;

export const wishedHeight = (cssHeight: number, pixelRatio: number): number =>
  [180, 360].find((rung) => cssHeight * pixelRatio <= rung * STRETCH) ?? 720;

/** What to ask the bridge for, so that each tile gets the picture that it can show. */
export function wishesFor(
  tiles: Tile[],
  stage: Tile | undefined,
  tileHeight: number,
  pixelRatio: number,
): Wishes {
  const ordinary = wishedHeight(tileHeight, pixelRatio);
  const height = (tile: Tile) => (tile === stage ? (tile.kind === 'screen' ? 1080 : 720) : ordinary);
  const remote = tiles.filter((tile) => !tile.own);
  return {
    heights: new Map(remote.map((tile) => [tile.key, height(tile)])),
    onStage: stage && !stage.own ? [stage.key] : [],
    defaultHeight: ordinary,
  };
}
