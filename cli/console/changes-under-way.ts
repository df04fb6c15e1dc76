/** Changes of users that were asked for and are not done: a console that is told to end waits for them, and for nothing else. */
export interface ChangesUnderWay {
  readonly add: <T>(change: Promise<T>) => Promise<T>;
  /** Resolves when there is none. */
  readonly done: () => Promise<void>;
}

export function createChangesUnderWay(): ChangesUnderWay {
  const underWay = new Set<Promise<unknown>>();
  return {
    add: async (change) => {
      underWay.add(change);
      try {
        return await change;
      } finally {
        underWay.delete(change);
      }
    },
    done: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
