// Sign-in of a host: name, password and code in fields of their own.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { HostAccount } from '../../state/host_account';
import { redeem } from '../../state/sign_in';
import type { Config } from '../../config';

interface SignInFormProps {
  config: Config;
  account: HostAccount;
}

export function SignInForm({ config, account }: SignInFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const busy = useSignal(false);
  const error = useSignal('');
  const signIn = async (event: Event) => {
    event.preventDefault();
    if (!form.current || busy.value) return;
    const fields = new FormData(form.current);
    const field = (name: string) => String(fields.get(name) ?? '');
    busy.value = true;
    error.value = '';
    error.value = await account.signIn(field('name'), field('password'), field('code'), (host) =>
      redeem(config, host),
    );
    busy.value = false;
    // A code counts once; the other fields may be right.
    const code = form.current?.elements.namedItem('code');
    if (error.value && code instanceof HTMLInputElement) code.value = '';
  };
  return (
    <form class="stack" ref={form} onSubmit={(event) => void signIn(event)} data-testid="sign-in-form">
      <label class="field">
        <span>Account</span>
        <input
          name="name"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          required
          data-testid="sign-in-name"
        />
      </label>
      <label class="field">
        <span>Password</span>
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          data-testid="sign-in-password"
        />
      </label>
      <label class="field">
        <span>Code, if your account asks for one</span>
        <input
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellcheck={false}
          aria-describedby="sign-in-code-help"
          data-testid="sign-in-code"
        />
        <small class="muted" id="sign-in-code-help">
          Six digits of your authenticator app, or one of your recovery codes.
        </small>
      </label>
      {error.value && (
        <p class="error" role="alert" data-testid="sign-in-error">
          {error.value}
        </p>
      )}
      <button type="submit" class="button" disabled={busy.value} data-testid="sign-in-button">
        {busy.value ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}

export function SignedIn({ account }: { account: HostAccount }) {
  return (
    <p class="signed-in" data-testid="signed-in">
      <span>
        Signed in as <strong>{account.host.value?.user}</strong>
      </span>
      <button type="button" class="text-button" onClick={() => void account.signOut()} data-testid="sign-out">
        Sign out
      </button>
    </p>
  );
}
