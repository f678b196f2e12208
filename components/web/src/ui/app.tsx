// Which page to show.
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Device } from '../media/session';
import type { Call } from '../state/call';
import { forgetStay, rememberStay, rememberedStay } from '../state/stay';
import { CallPage } from './call_page';
import { CallContext } from './context';
import { EndPage } from './end_page';
import { JoinPage } from './join_page';

export function App({ call, startWith }: { call: Call; startWith: Device[] }) {
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
        const inside = ['connecting', 'joined', 'reconnecting'].includes(store.phase.value);
        if (inside) rememberStay(store.ownName.value, microphone !== null, camera !== null);
        else forgetStay();
      }),
    [],
  );
  const rejoin = () => {
    store.phase.value = 'lobby';
  };
  return <CallContext.Provider value={call}>{page()}</CallContext.Provider>;

  function page() {
    switch (store.phase.value) {
      case 'lobby':
        return <JoinPage startWith={startWith} onJoin={(name) => call.join(name)} />;
      case 'left':
      case 'failed':
        return <EndPage onRejoin={rejoin} />;
      default:
        return <CallPage />;
    }
  }
}
