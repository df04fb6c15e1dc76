/** What became of a decision. */
export interface Answer {
  readonly outcome: "done" | "unchanged" | "changed" | "refused";
  readonly words: string;
  readonly key: string | null;
  /** The card as it is now, where it is to be judged. */
  readonly card: string | null;
}

/** The cards behind those of the page. */
export interface More {
  readonly cards: readonly string[];
  readonly next: number | null;
}

interface Result {
  readonly place: number;
  readonly id: string;
  readonly answer: Answer;
}

/** Sends decisions, and tells what became of them. */
export interface Outbox {
  readonly send: (decision: object) => Promise<Answer>;
}

/**
 * A decision is sent when it is made, and the console carries it out also where this page is closed. What became of it is asked for
 * apart: so no decision waits in the browser for another one.
 *
 * @param place Of the last result that this page does not ask for.
 */
export function createOutbox(base: string, place: number): Outbox {
  const waiting = new Map<string, (answer: Answer) => void>();
  let last = place;
  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    while (waiting.size > 0) {
      try {
        const answer = await fetch(`${base}/results?after=${last}`);
        if (!answer.ok) throw new Error(String(answer.status));
        for (const result of (await answer.json()) as Result[]) {
          last = result.place;
          waiting.get(result.id)?.(result.answer);
          waiting.delete(result.id);
        }
      } catch {
        const silent = refused(
          "The console does not answer: look whether it still runs. Whether this was done is not known.",
        );
        for (const settle of waiting.values()) settle(silent);
        waiting.clear();
      }
    }
    isAsking = false;
  };
  return {
    send: async (decision) => {
      const id = crypto.randomUUID();
      const settled = new Promise<Answer>((settle) => waiting.set(id, settle));
      const failed = await post(`${base}/decisions`, { ...decision, id });
      if (failed !== undefined) {
        waiting.delete(id);
        return failed;
      }
      void ask();
      return settled;
    },
  };
}

/** Undefined where the console has taken it, and tells later what became of it. */
export async function post(address: string, body: object): Promise<Answer | undefined> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      keepalive: true,
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status === 202) return undefined;
    if (answer.headers.get("content-type")?.includes("application/json") === true) {
      return (await answer.json()) as Answer;
    }
    const why = answer.status === 401 ? "This browser is not let in any more" : "The console refused it";
    return refused(`${why} (${answer.status}). Nothing was done: load the page again.`);
  } catch {
    return refused(
      "The console does not answer: look whether it still runs. Whether this was done is not known.",
    );
  }
}

function refused(words: string): Answer {
  return { outcome: "refused", words, key: null, card: null };
}
