// Stanza errors (RFC 6120 §8.3): what others answered, and what we answer.
import { NS } from './ns';
import { child, children, el, text } from './xml';

export class StanzaError extends Error {
  constructor(
    readonly condition: string,
    readonly explanation = '',
    readonly kind = 'cancel',
    /** An application's own condition beside the general one. */
    readonly detail: Element | undefined = undefined,
  ) {
    super(condition);
  }

  static from(stanza: Element): StanzaError {
    const error = child(stanza, 'error');
    if (!error) return new StanzaError('undefined-condition');
    const conditions = children(error);
    const condition = conditions.find(
      (element) => element.localName !== 'text' && element.namespaceURI === NS.stanzas,
    );
    const detail = conditions.find((element) => element.namespaceURI !== NS.stanzas);
    return new StanzaError(
      condition?.localName ?? 'undefined-condition',
      text(child(error, 'text')),
      error.getAttribute('type') ?? 'cancel',
      detail,
    );
  }

  element(): Element {
    return el('error', { type: this.kind }, el(this.condition, { xmlns: NS.stanzas }), this.detail);
  }
}
