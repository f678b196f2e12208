// Trusted Types: the page may not turn text into elements, with one exception. Strophe reads stanzas by DOMParser, as
// XML, into a document that is never shown; the default policy lets that sink pass and refuses every other.

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML(input: string, type: string, sink: string): string | null },
  ): unknown;
}

export function allowXmlParsing(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  factory?.createPolicy('default', {
    createHTML: (input, _type, sink) => (sink === 'DOMParser parseFromString' ? input : null),
  });
}
