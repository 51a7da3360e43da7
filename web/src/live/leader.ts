/**
 * Waits until this tab is the one of its name that leads, and calls `lead`. The
 * browser passes the lock on when that tab is closed or crashes. Returns what
 * ends it.
 */
export function whenLeader(name: string, lead: () => void): () => void {
  const over = new AbortController();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = (): Promise<void> => {
    if (!over.signal.aborted) lead();
    return held;
  };
  navigator.locks.request(name, { signal: over.signal }, hold).catch((error: unknown) => {
    // Given up before it was its turn.
    if (!over.signal.aborted) throw error;
  });
  return () => {
    over.abort();
    release();
  };
}

/** Web Locks are there only where the page came over https or from this machine. */
export const canLead = "locks" in navigator;
