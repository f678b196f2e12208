// Text of people for people: limits, and what must never reach the screen.

/** Both ways: a longer message is cut, whoever sent it. */
export const CHAT_LIMIT = 500;
const NAME_LIMIT = 60;

/** Characters, not UTF-16 units. */
const cut = (text: string, limit: number): string => [...text].slice(0, limit).join('');

/** Direction overrides can make text read as what it is not (Unicode TR 36 §2.6); controls have no business here. */
const DECEPTIVE = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;
const CONTROLS_BUT_NEWLINE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** COMPAT(Safari < 16.4, Firefox < 119, Node 18): String.toWellFormed() is not there yet. */
export const wellFormed = (raw: string): string => raw.replace(/\p{Surrogate}/gu, '\ufffd');

export const cleanMessage = (raw: string): string =>
  cut(
    wellFormed(raw)
      .replace(/\r\n?/g, '\n')
      .replace(/\t/g, ' ')
      .replace(DECEPTIVE, '')
      .replace(CONTROLS_BUT_NEWLINE, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    CHAT_LIMIT,
  );

export const cleanName = (raw: string): string =>
  cut(
    wellFormed(raw)
      .replace(DECEPTIVE, '')
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    NAME_LIMIT,
  );

/** How many characters a draft may still grow. */
export const charactersLeft = (draft: string): number => CHAT_LIMIT - [...draft].length;
