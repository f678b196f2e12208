// Waiting for conditions, and watching for a while.

const POLL_MS = 50;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with the first truthy value of `condition`, and with the time it took; fails after `seconds` and says what was awaited. */
export async function until(what, condition, seconds = 20) {
  const start = Date.now();
  for (;;) {
    const value = await condition();
    if (value) return { value, seconds: (Date.now() - start) / 1000 };
    if (Date.now() - start > seconds * 1000) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(POLL_MS);
  }
}

/** Lets the meeting go on for a while, to look at it afterwards. */
export const observe = (seconds) => pause(seconds * 1000);
