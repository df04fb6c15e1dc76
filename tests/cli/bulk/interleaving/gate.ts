import type { FastifyInstance } from "fastify";
import { setTimeout as sleep } from "node:timers/promises";

export type Player = "bulk" | "block";

/** A request to the Management API, in the order in which the tenant did them. */
export interface Call {
  readonly player: Player;
  /** `POST /api/v2/jobs/users-exports` */
  readonly what: string;
}

/**
 * Holds each request of two commands until it is its turn, so that the tenant does one at a time in a given order. Looks at a job
 * after the first are let through: how often a command asks says nothing. A job is done before the next request is: what
 * matters of an export and an import is when they have their effect, and each request may be before or after that.
 */
export interface Gate {
  /** Whose turn it is, one after the other; a command that has ended is passed over, and after the last turn all go on. */
  readonly open: (order: readonly Player[]) => void;
  /** Says that a command makes no request any more. */
  readonly ended: (player: Player) => void;
  readonly calls: () => readonly Call[];
}

interface Held {
  readonly call: Call;
  readonly go: () => void;
}

/** @param header Names the player of a request. */
export function createGate(app: FastifyInstance, header: string): Gate {
  let order: readonly Player[] = [];
  let turn = 0;
  let isBusy = false;
  let calls: Call[] = [];
  const held = new Map<Player, Held[]>();
  const over = new Set<Player>();
  const looked = new Set<string>();
  const passing = new WeakSet<object>();

  const next = (): Held | undefined => {
    const isHere = (player: Player) => over.has(player) || (held.get(player)?.length ?? 0) > 0;
    // Both have begun before one may go on.
    if (calls.length === 0 && !(["bulk", "block"] as const).every(isHere)) return undefined;
    while (turn < order.length && over.has(order[turn] ?? "bulk")) turn += 1;
    const player = order[turn];
    if (player !== undefined) return held.get(player)?.shift();
    return held.get("bulk")?.shift() ?? held.get("block")?.shift();
  };
  const advance = () => {
    const one = isBusy ? undefined : next();
    if (one === undefined) return;
    isBusy = true;
    turn += 1;
    calls.push(one.call);
    one.go();
  };

  app.addHook("onRequest", async (request) => {
    const player = request.headers[header];
    const [path = ""] = request.url.split("?");
    const isLook = request.method === "GET" && /\/jobs\/[^/]+$/.test(path);
    if ((player !== "bulk" && player !== "block") || !path.startsWith("/api/v2/")) return;
    if (isLook && looked.has(path)) return;
    if (isLook) looked.add(path);
    passing.add(request);
    await new Promise<void>((go) => {
      const call: Call = { player, what: `${request.method} ${path}` };
      held.set(player, [...(held.get(player) ?? []), { call, go }]);
      advance();
    });
  });
  const jobs = new WeakMap<object, string>();
  app.addHook("onSend", (request, _reply, payload, done) => {
    const isJob = request.method === "POST" && request.url.startsWith("/api/v2/jobs/");
    if (isJob && typeof payload === "string") jobs.set(request, (JSON.parse(payload) as { id: string }).id);
    done();
  });
  app.addHook("onResponse", async (request) => {
    if (!passing.has(request)) return;
    const job = jobs.get(request);
    if (job !== undefined) await isDone(app, job, request.headers.authorization);
    isBusy = false;
    advance();
  });
  return {
    open: (wanted) => {
      order = wanted;
      turn = 0;
      calls = [];
      over.clear();
    },
    ended: (player) => {
      over.add(player);
      advance();
    },
    calls: () => calls,
  };
}

async function isDone(app: FastifyInstance, job: string, authorization: string | undefined): Promise<void> {
  for (;;) {
    const headers = { authorization };
    const answer = await app.inject({ method: "GET", url: `/api/v2/jobs/${job}`, headers });
    if ((answer.json<{ status?: string }>().status ?? "") !== "pending") return;
    await sleep(1);
  }
}
