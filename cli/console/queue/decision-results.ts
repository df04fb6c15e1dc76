import { once, EventEmitter } from "node:events";

/** What became of something that a page has sent and does not wait for. */
export interface Result<Answer> {
  /** Its place among all results, from 1. */
  readonly place: number;
  /** As the page named it. */
  readonly id: string;
  readonly answer: Answer;
}

/**
 * Results for pages that ask for them later: a request that waited for a decision would hold up those behind it in the browser, and
 * they would be lost with the tab.
 */
export interface Results<Answer> {
  readonly add: (id: string, answer: Answer) => void;
  /** The place of the last one. */
  readonly last: () => number;
  /** Those behind a place. Where there are none yet, it waits for the next one, at most so many milliseconds. */
  readonly after: (place: number, withinMs: number) => Promise<readonly Result<Answer>[]>;
}

/** A page that asks for more than these has been closed for long. */
const most = 2000;

export function createResults<Answer>(): Results<Answer> {
  const events = new EventEmitter().setMaxListeners(0);
  const kept: Result<Answer>[] = [];
  let last = 0;
  const behind = (place: number) => kept.filter((result) => result.place > place);
  return {
    add: (id, answer) => {
      last += 1;
      kept.push({ place: last, id, answer });
      if (kept.length > most) kept.shift();
      events.emit("added");
    },
    last: () => last,
    after: async (place, withinMs) => {
      if (last <= place) {
        // Nothing came in time: there is no result.
        await once(events, "added", { signal: AbortSignal.timeout(withinMs) }).catch(() => undefined);
      }
      return behind(place);
    },
  };
}
