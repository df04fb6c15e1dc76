/** One writer for many who want to have something written. */
export interface CoalescedSave {
  /** Resolves once all that was true at the call is written; rejects where that write failed. */
  save: () => Promise<void>;
  /** Writes within `delayMs` and never rejects: for what may get lost. */
  saveSoon: () => void;
  /** Writes what is left. Nothing is written after it. */
  close: () => Promise<void>;
}

/**
 * Lets calls share writes: while one write goes on, all that call wait for one more, which starts after it. `write` takes
 * its look at what is to be written before it first waits. `onError` hears of writes that nobody waits for.
 */
export function coalescedSave(
  write: () => Promise<void>,
  { delayMs, onError }: { delayMs: number; onError: (cause: unknown) => void },
): CoalescedSave {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const started = write().finally(() => {
      if (current === started) current = undefined;
    });
    current = started;
    return started;
  };
  const startNext = (): Promise<void> => {
    next = undefined;
    return start();
  };
  const save = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (current === undefined) return start();
    // The next write is worth its try whether or not this one succeeds.
    next ??= current.then(startNext, startNext);
    return next;
  };
  return {
    save,
    saveSoon: () => {
      if (closed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        save().catch(onError);
      }, delayMs).unref();
    },
    close: async () => {
      const last = save();
      closed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
