export interface StaleAnswer {
  payload: string;
  contentType: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The latest answers to reads, kept in order to be given once more. */
export interface StaleAnswers {
  keep: (key: string, answer: StaleAnswer) => void;
  /** The latest one, unless it is older than `maxAgeMs`. */
  find: (key: string, maxAgeMs: number) => StaleAnswer | undefined;
}

/** More different reads than that a run's faults hardly concern. */
const maxAnswers = 1000;

export function createStaleAnswers(): StaleAnswers {
  const answers = new Map<string, StaleAnswer>();
  return {
    keep: (key, answer) => {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > maxAnswers && oldest !== undefined) answers.delete(oldest);
    },
    find: (key, maxAgeMs) => {
      const answer = answers.get(key);
      return answer !== undefined && Date.now() - answer.at <= maxAgeMs ? answer : undefined;
    },
  };
}
