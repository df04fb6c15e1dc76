/** What the console answers to a decision. */
export interface Answer {
  readonly outcome: "done" | "unchanged" | "changed" | "refused";
  readonly words: string;
  readonly key: string | null;
  readonly card: string | null;
}

/** The cards behind those of the page. */
export interface More {
  readonly cards: readonly string[];
  readonly next: number | null;
}

/** Asks the console; what fails is an answer too. */
export async function post(address: string, body: object): Promise<Answer> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      keepalive: true,
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
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
