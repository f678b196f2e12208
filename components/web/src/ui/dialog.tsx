// A question that must be answered before something happens that cannot be taken back.
import { useEffect, useRef } from 'preact/hooks';

interface ConfirmProps {
  question: string;
  detail: string;
  action: string;
  onYes: () => void;
  onNo: () => void;
}

export function Confirm({ question, detail, action, onYes, onNo }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="dialog-title" onClose={onNo} data-testid="confirm">
      <h2 id="dialog-title">{question}</h2>
      <p>{detail}</p>
      <div class="buttons">
        <button type="button" class="button button-plain" autoFocus onClick={onNo} data-testid="confirm-no">
          Cancel
        </button>
        <button type="button" class="button button-danger" onClick={onYes} data-testid="confirm-yes">
          {action}
        </button>
      </div>
    </dialog>
  );
}
