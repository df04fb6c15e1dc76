/** Runs a few tasks at a time, and even fewer of one host. */
export interface PoliteQueue {
  /** Waits for room, then takes the task, and does not wait for its end. Rejects with a task's error, as idle does. */
  readonly add: (host: string, task: () => Promise<void>) => Promise<void>;
  /** Waits for the end of all tasks. */
  readonly idle: () => Promise<void>;
}

export interface ConcurrencyLimits {
  readonly atATime: number;
  readonly perHost: number;
  /** How many tasks may wait for their host, so that one slow host does not hold up the others at once. */
  readonly waiting: number;
}

interface Task {
  readonly host: string;
  readonly run: () => Promise<void>;
}

export function createPoliteQueue({ atATime, perHost, waiting }: ConcurrencyLimits): PoliteQueue {
  const queue: Task[] = [];
  const running = new Map<string, number>();
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;

  const start = ({ host, run }: Task) => {
    underWay += 1;
    running.set(host, (running.get(host) ?? 0) + 1);
    void run()
      .catch((error: unknown) => (failure ??= { error }))
      .finally(() => {
        underWay -= 1;
        const others = (running.get(host) ?? 1) - 1;
        if (others === 0) running.delete(host);
        else running.set(host, others);
        pump();
        wake();
      });
  };
  const pump = () => {
    while (failure === undefined && underWay < atATime) {
      const next = queue.findIndex(({ host }) => (running.get(host) ?? 0) < perHost);
      const [task] = next === -1 ? [] : queue.splice(next, 1);
      if (task === undefined) return;
      start(task);
    }
  };
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
    if (failure !== undefined) throw failure.error;
  };
  return {
    add: async (host, run) => {
      queue.push({ host, run });
      pump();
      await until(() => failure !== undefined || queue.length < waiting);
    },
    idle: () => until(() => underWay === 0 && (failure !== undefined || queue.length === 0)),
  };
}
