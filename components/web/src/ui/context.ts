// What every component may use: the store to read, the call to act.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Call } from '../state/call';

export const CallContext = createContext<Call | undefined>(undefined);

export function useCall(): Call {
  const call = useContext(CallContext);
  if (!call) throw new Error('outside of a call');
  return call;
}
