// The rules of the meeting: everybody may read them, a host changes them. What the server does not offer is not there.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isReadable } from '../../state/meeting_link';
import { PRESETS } from '../../state/presets';
import { RIGHTS, type Right } from '../../state/rights';
import { useCall } from '../context';
import { Confirm } from '../dialog';
import { Panel } from '../panel';
import { InvitationView } from './invitation_view';
import { RightsTable, RIGHT_LABELS } from './rights_table';

export function MeetingPanel({ onClose }: { onClose: () => void }) {
  const { store } = useCall();
  const isHost = store.role.value === 'host';
  return (
    <Panel title={isHost ? 'Rules of this meeting' : 'Rules'} testId="meeting" onClose={onClose}>
      <div class="panel-body">
        {isHost && <Presets />}
        {isHost && <Door />}
        {isHost && <Switches />}
        <section aria-labelledby="rules-table">
          <h3 id="rules-table">Who may what</h3>
          <RightsTable policy={store.policy.value} />
        </section>
        {isHost && <Invite />}
        {isHost && store.services.value.endConference && <End />}
      </div>
    </Panel>
  );
}

function Presets() {
  const { leading, roomName, store } = useCall();
  if (!store.services.value.roomMetadata) return null;
  return (
    <section aria-labelledby="rules-presets">
      <h3 id="rules-presets">All at once</h3>
      <div class="buttons">
        {PRESETS.map((preset) => (
          <button
            type="button"
            class="button button-plain"
            key={preset.name}
            title={preset.summary}
            onClick={() => void leading.apply(preset, isReadable(roomName))}
            data-testid={`set-${preset.name}`}
          >
            {preset.label}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Who comes in, and how. */
function Door() {
  const { store, leading, roomName } = useCall();
  const { membersOnly } = store.roomInfo.value;
  const forced = isReadable(roomName);
  return (
    <section aria-labelledby="rules-door">
      <h3 id="rules-door">The door</h3>
      {store.services.value.lobby && (
        <Switch
          label="Lobby: lock the door and let people in one by one"
          on={membersOnly}
          disabled={forced && membersOnly}
          testId="switch-lobby"
          onChange={(on) => void leading.setLobby(on)}
        >
          {forced && <small class="muted">The name of this meeting can be read out, so it stays on.</small>}
        </Switch>
      )}
      <PasswordForm />
    </section>
  );
}

function PasswordForm() {
  const { store, leading } = useCall();
  const draft = useSignal('');
  const isSet = store.roomInfo.value.password;
  const set = async (event: Event) => {
    event.preventDefault();
    if (draft.value && (await leading.setPassword(draft.value))) store.meetingPassword.value = draft.value;
    draft.value = '';
  };
  const clear = async () => {
    if (await leading.setPassword('')) store.meetingPassword.value = '';
  };
  return (
    <form class="inline-form" onSubmit={(event) => void set(event)}>
      <input
        aria-label="Password of the meeting"
        placeholder={isSet ? 'A password is set: another one' : 'Password: none'}
        autoComplete="off"
        maxLength={100}
        value={draft.value}
        onInput={(event) => (draft.value = event.currentTarget.value)}
        data-testid="set-password"
      />
      <button
        type="submit"
        class="small-button small-button-yes"
        disabled={!draft.value}
        data-testid="set-password-save"
      >
        Set
      </button>
      {isSet && (
        <button
          type="button"
          class="small-button"
          onClick={() => void clear()}
          data-testid="set-password-clear"
        >
          Take away
        </button>
      )}
    </form>
  );
}

function Switches() {
  const { store, leading } = useCall();
  const { roomMetadata, avModeration } = store.services.value;
  const policy = store.policy.value;
  const set = (right: Right, on: boolean) => leading.setPolicy({ [right]: on });
  return (
    <>
      {avModeration && (
        <section aria-labelledby="rules-speaking">
          <h3 id="rules-speaking">Speaking</h3>
          <Switch
            label="Participants ask before they speak"
            on={store.moderated.value.has('audio')}
            testId="switch-moderated"
            onChange={(on) => leading.moderate('audio', on)}
          />
        </section>
      )}
      {roomMetadata && (
        <section aria-labelledby="rules-rights">
          <h3 id="rules-rights">Participants may</h3>
          {RIGHTS.map((right) => (
            <Switch
              key={right}
              label={RIGHT_LABELS[right]}
              on={policy[right]}
              testId={`switch-${right}`}
              onChange={(on) => set(right, on)}
            />
          ))}
        </section>
      )}
    </>
  );
}

interface SwitchProps {
  label: string;
  on: boolean;
  disabled?: boolean;
  testId: string;
  onChange: (on: boolean) => void;
  children?: ComponentChildren;
}

/** Shows what the server says, not what was clicked. */
function Switch({ label, on, disabled = false, testId, onChange, children }: SwitchProps) {
  return (
    <label class="switch">
      <span>
        {label}
        {children}
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-label={label}
        disabled={disabled}
        onClick={() => onChange(!on)}
        data-testid={testId}
      />
    </label>
  );
}

function Invite() {
  const { roomName, store, account } = useCall();
  return (
    <section aria-labelledby="rules-invite">
      <h3 id="rules-invite">Invite</h3>
      <InvitationView
        room={roomName}
        host={store.ownName.value || account.host.value?.user || ''}
        password={store.roomInfo.value.password ? store.meetingPassword.value : ''}
      />
    </section>
  );
}

function End() {
  const { leading } = useCall();
  const asked = useSignal(false);
  return (
    <section>
      <button
        type="button"
        class="button button-danger"
        onClick={() => (asked.value = true)}
        data-testid="end-for-all"
      >
        End the meeting for all
      </button>
      {asked.value && (
        <Confirm
          question="End the meeting for everybody?"
          detail="All leave at once. Nothing of it is kept."
          action="End for all"
          onYes={() => leading.endForAll()}
          onNo={() => (asked.value = false)}
        />
      )}
    </section>
  );
}
