// All tiles: a grid of equals, or one on the stage with the others in a strip. Tells the store what sizes are shown.
import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bestGrid, stageOf, type Tile, tilesOf, wishesFor } from '../state/tiles';
import { useCall } from './context';
import { TileView } from './tile_view';

const GAP = 10;
/** Height of the strip beside the stage; app.css knows it as --strip. */
const STRIP_HEIGHT = 110;

export function Grid() {
  const { store } = useCall();
  const chosen = useSignal<string | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const self = {
    id: store.ownId.value,
    name: store.ownName.value,
    role: store.role.value,
    local: store.local.value,
  };
  const tiles = tilesOf(store.participants.value.values(), store.tracks.value, self);
  const stage = stageOf(tiles, chosen.value);
  const cell = bestGrid(tiles.length, size.width, size.height, GAP);
  const wishes = wishesFor(tiles, stage, stage ? STRIP_HEIGHT : cell.height, window.devicePixelRatio);
  const fingerprint = JSON.stringify([...wishes.heights, wishes.onStage, wishes.defaultHeight]);
  useEffect(() => {
    if (cell.height > 0 || stage) store.wishes.value = wishes;
  }, [fingerprint, cell.height > 0]);

  const view = (tile: Tile) => (
    <TileView
      key={tile.key}
      tile={tile}
      onStage={tile === stage}
      speaking={tile.kind === 'camera' && tile.participant === store.dominant.value && !tile.audioMuted}
      lost={store.inactive.value.has(tile.participant)}
      size={stage ? undefined : cell}
      onPin={() => {
        chosen.value = tile === stage ? '' : tile.key;
      }}
    />
  );
  return (
    <div
      ref={box}
      class={stage ? 'tiles tiles-staged' : 'tiles'}
      data-testid="grid"
      data-layout={stage ? 'stage' : 'grid'}
    >
      {stage ? (
        <>
          {view(stage)}
          <div class="strip">{tiles.filter((tile) => tile !== stage).map(view)}</div>
        </>
      ) : (
        tiles.map(view)
      )}
    </div>
  );
}

function useSize(box: { current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}
