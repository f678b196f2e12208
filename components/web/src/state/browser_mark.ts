// How a server knows a browser that it removed from a meeting (client.md §7, <stats-id>): by a mark that is the same each
// time this browser enters this room, and another one in every other room. The secret behind the marks is the one thing
// that this page keeps beyond its tab; it never leaves the browser.

const STORED = 'cloister.browser';

export async function browserMark(room: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${secret()} ${room}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function secret(): string {
  try {
    const kept = localStorage.getItem(STORED) ?? crypto.randomUUID();
    localStorage.setItem(STORED, kept);
    return kept;
  } catch {
    // A browser that keeps nothing is a new one each time.
    return crypto.randomUUID();
  }
}
