// A reload of the page returns to the meeting: name and devices travel in the tab's history entry, nowhere else.
import type { Device } from '../media/session';

export interface Stay {
  name: string;
  devices: Device[];
}

export function rememberStay(name: string, microphone: boolean, camera: boolean): void {
  const devices = [microphone && 'microphone', camera && 'camera'].filter(Boolean);
  history.replaceState({ stay: { name, devices } }, '');
}

export function forgetStay(): void {
  history.replaceState(null, '');
}

/** Only after a reload: a link or the back button leads to the join page. */
export function rememberedStay(): Stay | undefined {
  const [navigation] = performance.getEntriesByType('navigation');
  if ((navigation as PerformanceNavigationTiming | undefined)?.type !== 'reload') return undefined;
  return (history.state as { stay?: Stay } | null)?.stay;
}
