// Which page to show.
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Device } from '../media/session';
import type { Call } from '../state/call';
import type { PresetName } from '../state/presets';
import { forgetStay, rememberStay, rememberedStay } from '../state/stay';
import type { Phase } from '../state/store';
import { CallPage } from './call_page';
import { CallContext } from './context';
import { EndPage } from './end_page';
import { JoinPage } from './join_page';
import { WaitingPage } from './waiting_page';

const INSIDE: readonly Phase[] = ['connecting', 'waiting', 'knocking', 'password', 'joined', 'reconnecting'];

interface AppProps {
  call: Call;
  startWith: Device[];
  preset: PresetName | undefined;
}

export function App({ call, startWith, preset }: AppProps) {
  const { store, local } = call;
  useEffect(() => {
    const stay = rememberedStay();
    if (!stay) return;
    call.join(stay.name);
    for (const device of stay.devices) void local.turnOn(device);
  }, []);
  useEffect(
    () =>
      effect(() => {
        const { microphone, camera } = store.local.value;
        const inside = INSIDE.includes(store.phase.value);
        if (inside) rememberStay(store.ownName.value, microphone !== null, camera !== null);
        else forgetStay();
      }),
    [],
  );
  const rejoin = () => {
    store.phase.value = 'before';
  };
  return <CallContext.Provider value={call}>{page()}</CallContext.Provider>;

  function page() {
    switch (store.phase.value) {
      case 'before':
        return <JoinPage startWith={startWith} preset={preset} />;
      case 'waiting':
      case 'knocking':
      case 'password':
        return <WaitingPage />;
      case 'left':
      case 'removed':
      case 'ended':
      case 'failed':
        return <EndPage onRejoin={rejoin} />;
      default:
        return <CallPage />;
    }
  }
}
