// Sessions on the message server: of nobody in particular, or of a host.
import { type Config, guestDomain } from '../config';
import { type ConnectionEvents, XmppConnection } from '../xmpp/connection';
import type { Host } from './host_account';

export function connect(
  config: Config,
  room: string,
  account: Host | undefined,
  events: ConnectionEvents,
): XmppConnection {
  const { websocket, bosh, enableWebsocketResume } = config;
  const connection = new XmppConnection(
    {
      service: websocket ?? bosh ?? '',
      room,
      domain: account ? config.hosts.domain : guestDomain(config),
      account,
      resume: websocket !== undefined && enableWebsocketResume !== false,
    },
    events,
  );
  connection.connect();
  return connection;
}

const PATIENCE_MS = 15_000;

/** Uses a fresh token once, which makes it last until the day is over. */
export function redeem(config: Config, host: Host): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (worked: boolean) => {
      clearTimeout(timer);
      connection.close();
      resolve(worked);
    };
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    const connection = connect(config, '', host, {
      onOnline: () => done(true),
      onOffline: () => undefined,
      onUnreachable: () => undefined,
      onSignInRefused: () => done(false),
      onPresence: () => undefined,
      onMessage: () => undefined,
      onRequest: () => undefined,
    });
  });
}
