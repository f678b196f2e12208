// Entry: reads the settings and the room's name, builds the parts once, shows the page.
import { render } from 'preact';
import { type Config, readConfig, roomFromPath } from './config';
import type { Device } from './media/session';
import { Call } from './state/call';
import { exposeForTests } from './state/expose';
import { HostAccount } from './state/host_account';
import { LocalMedia } from './state/local_media';
import type { PresetName } from './state/presets';
import { Store } from './state/store';
import { allowXmlParsing } from './trusted_types';
import { App } from './ui/app';
import { HomePage } from './ui/home_page';

function start(root: HTMLElement): void {
  allowXmlParsing();
  const config = readConfig(globalThis.config);
  if (typeof config === 'string') return render(<p role="alert">{config}</p>, root);
  const account = new HostAccount();
  // A page that comes back from the browser's cache has no call any more.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());
  const room = roomFromPath(location.pathname);
  if (room) return openRoom(root, config, account, room);
  // The way back from a meeting that was opened here leads through a fresh page.
  window.addEventListener('popstate', () => location.reload());
  const onOpen = (name: string, preset?: PresetName) => {
    history.pushState(null, '', `/${encodeURIComponent(name)}`);
    openRoom(root, config, account, name, preset);
  };
  render(<HomePage config={config} account={account} onOpen={onOpen} />, root);
}

function openRoom(
  root: HTMLElement,
  config: Config,
  account: HostAccount,
  room: string,
  preset?: PresetName,
): void {
  document.title = `${room} · Cloister`;
  const store = new Store();
  const call = new Call(config, room, store, new LocalMedia(store, config.resolution ?? 720), account);
  const startWith: Device[] = [];
  if (!config.startWithAudioMuted) startWith.push('microphone');
  if (!config.startWithVideoMuted) startWith.push('camera');
  // Others should not wait for the server to notice that we are gone.
  window.addEventListener('pagehide', () => call.depart());
  if (config.testing?.expose) exposeForTests(call);
  render(<App call={call} startWith={startWith} preset={preset} />, root);
}

const root = document.getElementById('app');
if (root) start(root);
