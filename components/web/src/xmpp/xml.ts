// Reading and building XML elements, with nothing but the DOM.
//
// Every element that leaves carries its own `xmlns` attribute when its namespace differs from the stanza's:
// Jitsi clients find children by that attribute, not by the inherited namespace (client.md §2).
import { wellFormed } from '../state/text';

type Attributes = Record<string, string | number | undefined>;

let factory: Document | undefined;
const xmlDocument = (): Document => (factory ??= document.implementation.createDocument(null, 'root', null));

/** An element; attributes that are undefined are left out, strings among the children become text. */
export function el(
  name: string,
  attributes: Attributes = {},
  ...children: (Element | string | undefined)[]
): Element {
  const made = xmlDocument().createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, String(value));
  }
  for (const child of children) {
    if (child === undefined) continue;
    made.appendChild(
      typeof child === 'string' ? xmlDocument().createTextNode(withoutForbidden(child)) : child,
    );
  }
  return made;
}

/** XML 1.0 §2.2 knows no such characters; one of them would end the stream. */
const withoutForbidden = (text: string): string =>
  wellFormed(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

/** The child elements, all or those of one name (and namespace). */
export function children(parent: Element, name?: string, xmlns?: string): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== 1) continue;
    const element = node as Element;
    const local = element.localName ?? element.nodeName;
    if (name !== undefined && local !== name) continue;
    if (xmlns !== undefined && namespaceOf(element) !== xmlns) continue;
    found.push(element);
  }
  return found;
}

export const child = (parent: Element, name: string, xmlns?: string): Element | undefined =>
  children(parent, name, xmlns)[0];

export const namespaceOf = (element: Element): string =>
  element.namespaceURI || element.getAttribute('xmlns') || NO_NAMESPACE;
const NO_NAMESPACE = '';

export const attr = (element: Element, name: string): string => element.getAttribute(name) ?? '';
export const text = (element: Element | undefined): string => element?.textContent ?? '';

/** A whole number from an attribute, if it is one. */
export function numberAttr(element: Element, name: string): number | undefined {
  const value = element.getAttribute(name);
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

export const bareJid = (jid: string): string => jid.split('/', 1)[0] ?? '';
export const resourceOf = (jid: string): string => {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
};
