// One person in the list, with what one may do about them.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { microphoneName } from '../../media/model';
import { leads, type Role, roleLabel } from '../../state/rights';
import type { Participant } from '../../state/store';
import { cleanName } from '../../state/text';
import { useCall } from '../context';
import { Confirm } from '../dialog';
import { CameraIcon, CameraOffIcon, MicIcon, MicOffIcon, MoreIcon, ScreenIcon } from '../icons';

export function RoleTag({ role }: { role: Role }) {
  if (role === 'participant') return null;
  return (
    <span class={leads(role) ? 'role role-leads' : 'role'} data-testid="role">
      {roleLabel(role)}
    </span>
  );
}

/** What a person sends, as their presence says. */
function sent({ id, sources }: Participant) {
  const video = [...sources].filter(([name, state]) => name.startsWith(`${id}-v`) && !state.muted);
  return {
    microphone: sources.get(microphoneName(id))?.muted === false,
    camera: video.some(([, { videoType }]) => videoType === 'camera'),
    screen: video.some(([, { videoType }]) => videoType === 'desktop'),
  };
}

export function PersonRow({ person }: { person: Participant }) {
  const { store } = useCall();
  const open = useSignal(false);
  const name = store.nameOf(person.id);
  const on = sent(person);
  const hasActions = leads(store.role.value) || store.can('private_chat');
  return (
    <li class="person" data-testid="person" data-participant={person.id} data-role={person.role}>
      <div class="person-line">
        <span class="person-name" data-testid="person-name">
          {name}
        </span>
        <RoleTag role={person.role} />
        <Mark on={on.microphone} what="Microphone" yes={<MicIcon />} no={<MicOffIcon />} />
        <Mark on={on.camera} what="Camera" yes={<CameraIcon />} no={<CameraOffIcon />} />
        {on.screen && <Mark on what="Screen" yes={<ScreenIcon />} no={undefined} />}
        {hasActions && (
          <button
            type="button"
            class="icon-button"
            aria-label={`What to do with ${name}`}
            aria-expanded={open.value}
            onClick={() => (open.value = !open.value)}
            data-testid="person-more"
          >
            <MoreIcon />
          </button>
        )}
      </div>
      {open.value && <Actions person={person} name={name} onDone={() => (open.value = false)} />}
    </li>
  );
}

interface MarkProps {
  on: boolean;
  what: string;
  yes: ComponentChildren;
  no: ComponentChildren;
}

const Mark = ({ on, what, yes, no }: MarkProps) => (
  <span class={on ? 'mark' : 'mark mark-off'} role="img" aria-label={`${what} ${on ? 'on' : 'off'}`}>
    {on ? yes : no}
  </span>
);

interface ActionsProps {
  person: Participant;
  name: string;
  onDone: () => void;
}

function Actions({ person, name, onDone }: ActionsProps) {
  const { store } = useCall();
  const role = store.role.value;
  const write = () => {
    store.chatTo.value = person.id;
    store.openPanel('chat');
  };
  return (
    <div class="actions" role="group" aria-label={`For ${name}`}>
      {store.can('private_chat') && (
        <Action label="Write to them alone" testId="person-write" onClick={write} />
      )}
      {leads(role) && person.role !== 'host' && <Silence person={person} onDone={onDone} />}
      {role === 'host' && person.role !== 'host' && <HostActions person={person} name={name} />}
    </div>
  );
}

/** What hosts and co-hosts may do. */
function Silence({ person, onDone }: { person: Participant; onDone: () => void }) {
  const { store, leading } = useCall();
  const { id } = person;
  const on = sent(person);
  const moderated = store.moderated.value.has('audio') && !leads(person.role);
  const allowed = leading.isAllowed(id, 'audio');
  const then = (work: unknown) => {
    void work;
    onDone();
  };
  return (
    <>
      {on.microphone && (
        <Action label="Mute" testId="person-mute" onClick={() => then(leading.mute(id, 'audio'))} />
      )}
      {on.camera && (
        <Action
          label="Stop the camera"
          testId="person-stop-camera"
          onClick={() => then(leading.mute(id, 'video'))}
        />
      )}
      {on.screen && (
        <Action
          label="Stop the screen"
          testId="person-stop-screen"
          onClick={() => then(leading.mute(id, 'desktop'))}
        />
      )}
      {moderated && (
        <Action
          label={allowed ? 'May speak: take that back' : 'Ask to speak'}
          testId="person-allow"
          onClick={() => then(leading.allow(id, 'audio', !allowed))}
        />
      )}
    </>
  );
}

function HostActions({ person, name }: { person: Participant; name: string }) {
  const { leading } = useCall();
  const asked = useSignal(false);
  const { id, role } = person;
  return (
    <>
      {role !== 'viewer' && (
        <Action
          label={role === 'cohost' ? 'No co-host any more' : 'Make co-host'}
          testId="person-cohost"
          onClick={() => void leading.setCohost(id, role !== 'cohost')}
        />
      )}
      {role !== 'cohost' && (
        <Action
          label={role === 'viewer' ? 'Let take part' : 'Only let watch'}
          testId="person-viewer"
          onClick={() => void leading.setViewer(id, role !== 'viewer')}
        />
      )}
      <Action label="Remove…" testId="person-remove" danger onClick={() => (asked.value = true)} />
      {asked.value && (
        <Confirm
          question={`Remove ${name}?`}
          detail="They leave at once and cannot come back while this meeting lasts."
          action="Remove"
          onYes={() => void leading.remove(id)}
          onNo={() => (asked.value = false)}
        />
      )}
    </>
  );
}

interface ActionProps {
  label: string;
  testId: string;
  danger?: boolean;
  onClick: () => void;
}

const Action = ({ label, testId, danger = false, onClick }: ActionProps) => (
  <button
    type="button"
    class={danger ? 'action action-danger' : 'action'}
    onClick={onClick}
    data-testid={testId}
  >
    {label}
  </button>
);

export function OwnRow() {
  const call = useCall();
  const { store } = call;
  const editing = useSignal(false);
  const rename = (event: Event) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('name');
    const name = field instanceof HTMLInputElement ? cleanName(field.value) : '';
    if (name) call.rename(name);
    editing.value = false;
  };
  return (
    <li class="person" data-testid="person-own" data-role={store.role.value}>
      <div class="person-line">
        <span class="person-name">{store.ownName.value || 'Guest'} (you)</span>
        <RoleTag role={store.role.value} />
        {store.can('rename') && (
          <button
            type="button"
            class="small-button"
            aria-expanded={editing.value}
            onClick={() => (editing.value = !editing.value)}
            data-testid="rename"
          >
            Rename
          </button>
        )}
      </div>
      {editing.value && (
        <form class="inline-form" onSubmit={rename}>
          <input
            name="name"
            aria-label="Your name"
            autoFocus
            maxLength={60}
            defaultValue={store.ownName.value}
            data-testid="rename-input"
          />
          <button type="submit" class="small-button small-button-yes" data-testid="rename-save">
            Save
          </button>
        </form>
      )}
    </li>
  );
}
