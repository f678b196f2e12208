// The little of a browser's DOM that our XML code uses, from a library, so that tests run in Node.
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom';

Object.assign(globalThis, { document: { implementation: new DOMImplementation() } });

/** As a stanza arrives: its namespaces resolved. */
export const xml = (text: string): Element =>
  new DOMParser().parseFromString(text, 'text/xml').documentElement as unknown as Element;

/** As a stanza leaves: text, read back so that namespaces count and not the way they are written. */
export const sent = (element: Element): Element => xml(serialize(element));
export const serialize = (element: Element): string =>
  new XMLSerializer().serializeToString(element as never);
