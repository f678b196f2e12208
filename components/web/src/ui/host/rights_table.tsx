// Who may what in this meeting, in one table.
import { may, type Policy, RIGHTS, type Right, type Role, roleLabel } from '../../state/rights';

export const RIGHT_LABELS: Readonly<Record<Right, string>> = {
  microphone: 'Speak',
  camera: 'Show their camera',
  screen: 'Share their screen',
  chat: 'Write to everybody',
  private_chat: 'Write to one person',
  reactions: 'Send reactions',
  raise_hand: 'Raise their hand',
  rename: 'Change their name',
};

const ROLES: readonly Role[] = ['host', 'cohost', 'participant', 'viewer'];

/** What no policy changes. */
const LEADING: readonly { label: string; roles: readonly Role[] }[] = [
  { label: 'Let in, mute, stop cameras and screens', roles: ['host', 'cohost'] },
  { label: 'Remove, lock, change these rules, end', roles: ['host'] },
  { label: 'Record', roles: [] },
];

export function RightsTable({ policy }: { policy: Policy }) {
  return (
    <table class="rights" data-testid="rights-table">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Right</span>
          </th>
          {ROLES.map((role) => (
            <th scope="col" key={role}>
              {roleLabel(role)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {LEADING.map(({ label, roles }) => (
          <Row key={label} label={label} yes={(role) => roles.includes(role)} />
        ))}
        {RIGHTS.map((right) => (
          <Row key={right} label={RIGHT_LABELS[right]} yes={(role) => may(role, right, policy)} />
        ))}
      </tbody>
    </table>
  );
}

const Row = ({ label, yes }: { label: string; yes: (role: Role) => boolean }) => (
  <tr>
    <th scope="row">{label}</th>
    {ROLES.map((role) => (
      <td key={role} class={yes(role) ? 'yes' : 'no'}>
        <span aria-hidden="true">{yes(role) ? '✓' : '–'}</span>
        <span class="unseen">{yes(role) ? 'yes' : 'no'}</span>
      </td>
    ))}
  </tr>
);
