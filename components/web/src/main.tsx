// Entry: reads the settings and the room's name, builds the parts once, shows the page.
import { render } from 'preact';
import { readConfig, roomFromPath } from './config';
import type { Device } from './media/session';
import { Call } from './state/call';
import { exposeForTests } from './state/expose';
import { LocalMedia } from './state/local_media';
import { Store } from './state/store';
import { allowXmlParsing } from './trusted_types';
import { App } from './ui/app';
import { RoomPicker } from './ui/room_picker';

function start(root: HTMLElement): void {
  allowXmlParsing();
  const config = readConfig(globalThis.config);
  const room = roomFromPath(location.pathname);
  if (typeof config === 'string') return render(<p role="alert">{config}</p>, root);
  if (!room) return render(<RoomPicker />, root);
  document.title = `${room} · Cloister`;
  const store = new Store();
  const call = new Call(config, room, store, new LocalMedia(store, config.resolution ?? 720));
  const startWith: Device[] = [];
  if (!config.startWithAudioMuted) startWith.push('microphone');
  if (!config.startWithVideoMuted) startWith.push('camera');
  // Others should not wait for the server to notice that we are gone.
  window.addEventListener('pagehide', () => call.depart());
  // A page that comes back from the browser's cache has no call any more.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());
  if (config.testing?.expose) exposeForTests(call);
  render(<App call={call} startWith={startWith} />, root);
}

const root = document.getElementById('app');
if (root) start(root);
