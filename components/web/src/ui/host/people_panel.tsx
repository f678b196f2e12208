// Everybody: who waits to be let in, who wants to speak, who is here. Those who lead act on each from here.
import { isReadable } from '../../state/meeting_link';
import { leads } from '../../state/rights';
import type { Knocker } from '../../xmpp/lobby_room';
import { useCall } from '../context';
import { Panel } from '../panel';
import { OwnRow, PersonRow } from './person_row';

export function PeoplePanel({ onClose }: { onClose: () => void }) {
  const { store } = useCall();
  const people = [...store.participants.value.values()];
  const leading = leads(store.role.value);
  return (
    <Panel title="People" testId="people" onClose={onClose}>
      <div class="panel-body">
        {leading && store.knockers.value.length > 0 && <Lobby />}
        {store.queue.value.length > 0 && <Hands />}
        <section aria-labelledby="people-here">
          <h3 id="people-here">In the meeting · {people.length + 1}</h3>
          <ul class="people">
            <OwnRow />
            {people.map((person) => (
              <PersonRow key={person.id} person={person} />
            ))}
          </ul>
        </section>
      </div>
      {leading && <Quickly />}
    </Panel>
  );
}

function Lobby() {
  const { store, leading } = useCall();
  const knockers = store.knockers.value;
  return (
    <section aria-labelledby="people-lobby" data-testid="lobby-list">
      <h3 id="people-lobby">In the lobby · {knockers.length}</h3>
      <ul class="people">
        {knockers.map((knocker) => (
          <KnockerRow key={knocker.id} knocker={knocker} />
        ))}
      </ul>
      {knockers.length > 1 && (
        <button
          type="button"
          class="button button-plain"
          onClick={() => leading.admit(knockers)}
          data-testid="admit-all"
        >
          Let all {knockers.length} in
        </button>
      )}
    </section>
  );
}

function KnockerRow({ knocker }: { knocker: Knocker }) {
  const { leading } = useCall();
  const name = knocker.name || 'Guest';
  return (
    <li class="person" data-testid="knocker" data-participant={knocker.id}>
      <div class="person-line">
        <span class="person-name" data-testid="knocker-name">
          {name}
        </span>
        <button
          type="button"
          class="small-button small-button-yes"
          aria-label={`Let ${name} in`}
          onClick={() => leading.admit([knocker])}
          data-testid="admit"
        >
          Let in
        </button>
        <button
          type="button"
          class="small-button"
          aria-label={`Do not let ${name} in`}
          onClick={() => void leading.deny(knocker)}
          data-testid="deny"
        >
          Deny
        </button>
      </div>
    </li>
  );
}

function Hands() {
  const { store, leading } = useCall();
  const asking = leads(store.role.value) && store.moderated.value.has('audio');
  return (
    <section aria-labelledby="people-hands" data-testid="hands-list">
      <h3 id="people-hands">Raised hands · {store.queue.value.length}</h3>
      <ol class="people queue">
        {store.queue.value.map((id) => (
          <li class="person" key={id} data-testid="hand" data-participant={id}>
            <div class="person-line">
              <span class="person-name">
                {store.nameOf(id)}
                {id === store.ownId.value && ' (you)'}
              </span>
              {asking && id !== store.ownId.value && (
                <button
                  type="button"
                  class="small-button small-button-yes"
                  aria-label={`Let ${store.nameOf(id)} speak`}
                  onClick={() => leading.allow(id, 'audio', true)}
                  data-testid="hand-allow"
                >
                  Let speak
                </button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What is wanted at once. */
function Quickly() {
  const { store, leading, roomName } = useCall();
  const locked = store.roomInfo.value.membersOnly;
  const canLock = store.role.value === 'host' && store.services.value.lobby !== undefined;
  return (
    <footer class="panel-foot">
      <button
        type="button"
        class="button button-plain"
        onClick={() => void leading.muteAll()}
        data-testid="mute-all"
      >
        Mute all
      </button>
      {canLock && !isReadable(roomName) && (
        <button
          type="button"
          class={locked ? 'button button-plain button-locked' : 'button button-plain'}
          title="Whoever comes waits in the lobby until you let them in"
          onClick={() => void leading.setLobby(!locked)}
          data-testid="lock"
        >
          {locked ? 'Unlock' : 'Lock'}
        </button>
      )}
    </footer>
  );
}
