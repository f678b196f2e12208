// The round buttons of the toolbar and of the join page.
import type { ComponentChildren } from 'preact';

interface RoundButtonProps {
  label: string;
  testId: string;
  /** For switches: whether it is on. */
  pressed?: boolean;
  tone?: 'plain' | 'off' | 'active' | 'danger';
  disabled?: boolean;
  badge?: number;
  /** What the badge counts. */
  badgeLabel?: string;
  expanded?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

export function RoundButton(props: RoundButtonProps) {
  const {
    label,
    testId,
    pressed,
    tone = 'plain',
    disabled,
    badge = 0,
    badgeLabel = '',
    expanded,
    onClick,
    children,
  } = props;
  return (
    <button
      type="button"
      class={`round round-${tone}`}
      aria-label={badge > 0 ? `${label}, ${badge} ${badgeLabel}` : label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled ?? false}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
      {badge > 0 && (
        <span class="badge" aria-hidden="true">
          {badge > 99 ? '99+' : badge}
        </span>
      )}
    </button>
  );
}
