// The one way in which a command waits for a state.

const POLL_MS = 100;

/** Asks `reached` until it is true; false where `deadlineMs` passes first. */
export async function waitFor(reached: () => boolean | Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    if (await reached()) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}
