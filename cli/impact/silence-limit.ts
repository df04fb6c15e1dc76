/** Watches over something that has to be heard of from time to time. */
export interface SilenceLimit {
  /** It was heard of, or is asked for something: the time runs from now on. */
  readonly restart: () => void;
  /** Nothing is expected. */
  readonly stop: () => void;
}

/** @param onSilent Called where nothing was heard for so long. */
export function createSilenceLimit(longestMs: number, onSilent: () => void): SilenceLimit {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
  };
  return {
    restart: () => {
      stop();
      timer = setTimeout(onSilent, longestMs);
    },
    stop,
  };
}
