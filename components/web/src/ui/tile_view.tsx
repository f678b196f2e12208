// One participant's camera, or one shared screen.
import { leads, roleLabel } from '../state/rights';
import type { Tile } from '../state/tiles';
import { useCall } from './context';
import { CameraOffIcon, HandIcon, MicOffIcon, PinIcon, StarIcon, UnpinIcon } from './icons';
import { Video } from './video';

interface TileViewProps {
  tile: Tile;
  onStage: boolean;
  speaking: boolean;
  /** The bridge has lost touch with this participant. */
  lost: boolean;
  size: { width: number; height: number } | undefined;
  onPin: () => void;
}

export function TileView({ tile, onStage, speaking, lost, size, onPin }: TileViewProps) {
  const classes = ['tile', speaking && 'tile-speaking', onStage && 'tile-stage'].filter(Boolean).join(' ');
  const name = tile.own ? (tile.name ? `${tile.name} (you)` : 'You') : tile.name || 'Guest';
  const handUp = useCall().store.hands.value.has(tile.participant);
  const label = tile.kind === 'screen' ? `${name}: screen` : name;
  return (
    <article
      class={classes}
      aria-label={label}
      style={size && { width: `${size.width}px`, height: `${size.height}px` }}
      data-testid="tile"
      data-kind={tile.kind}
      data-own={tile.own}
      data-participant={tile.participant}
      data-source={tile.key}
      data-speaking={speaking}
      data-audio={tile.audioMuted ? 'off' : 'on'}
      data-video={tile.videoMuted ? 'off' : 'on'}
    >
      {tile.track ? (
        <Video
          track={tile.track}
          mirrored={tile.own && tile.kind === 'camera'}
          contain={tile.kind === 'screen' || onStage}
          testId="tile-video"
        />
      ) : (
        <Avatar name={tile.name || 'Guest'} seed={tile.participant} />
      )}
      {lost && <p class="tile-lost">Connection lost</p>}
      <footer class="tile-foot">
        {tile.kind === 'camera' && tile.audioMuted && (
          <span
            class="tile-mark tile-mark-off"
            role="img"
            aria-label="Microphone off"
            data-testid="tile-muted"
          >
            <MicOffIcon />
          </span>
        )}
        {leads(tile.role) && tile.kind === 'camera' && (
          <span class="tile-mark" role="img" aria-label={roleLabel(tile.role)} data-testid="tile-moderator">
            <StarIcon />
          </span>
        )}
        {tile.kind === 'camera' && handUp && (
          <span class="tile-mark tile-hand" role="img" aria-label="Hand raised" data-testid="tile-hand">
            <HandIcon />
          </span>
        )}
        <span class="tile-name" data-testid="tile-name">
          {label}
        </span>
      </footer>
      <div class="tile-tools">
        <ModeratorTools tile={tile} name={name} />
        <button
          type="button"
          class="icon-button"
          aria-label={onStage ? 'Back to the grid' : `Enlarge ${label}`}
          title={onStage ? 'Back to the grid' : 'Enlarge'}
          onClick={onPin}
          data-testid="tile-pin"
        >
          {onStage ? <UnpinIcon /> : <PinIcon />}
        </button>
      </div>
    </article>
  );
}

function ModeratorTools({ tile, name }: { tile: Tile; name: string }) {
  const call = useCall();
  if (!leads(call.store.role.value) || tile.own || tile.role === 'host') return null;
  const videoKind = tile.kind === 'screen' ? 'desktop' : 'video';
  return (
    <>
      {tile.kind === 'camera' && !tile.audioMuted && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Mute ${name}`}
          title="Mute"
          onClick={() => void call.leading.mute(tile.participant, 'audio')}
          data-testid="tile-mute-audio"
        >
          <MicOffIcon />
        </button>
      )}
      {!tile.videoMuted && (
        <button
          type="button"
          class="icon-button"
          aria-label={
            tile.kind === 'screen' ? `Stop the screen of ${name}` : `Turn off the camera of ${name}`
          }
          title={tile.kind === 'screen' ? 'Stop this screen' : 'Turn camera off'}
          onClick={() => void call.leading.mute(tile.participant, videoKind)}
          data-testid="tile-mute-video"
        >
          <CameraOffIcon />
        </button>
      )}
    </>
  );
}

const HUES = [200, 250, 290, 330, 20, 45, 140, 170];

export function Avatar({ name, seed }: { name: string; seed: string }) {
  const hue = HUES[Number.parseInt(seed.slice(0, 4), 16) % HUES.length] ?? 200;
  const initials = name
    .split(' ')
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();
  return (
    <div class="avatar" aria-hidden="true" style={{ '--hue': String(hue) }}>
      {initials}
    </div>
  );
}
