import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { FastifyRequest } from "fastify";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import type { Tenant } from "../../../tenant/create-tenant.ts";
import type { FurnishedTenant } from "./furnished-tenant.ts";

/** Where a call is caught: nothing of it has happened, or all of it and nobody has the answer. */
export const moments = ["onRequest", "onSend"] as const;

/** A call that a run of the command makes. */
export interface CaughtCall {
  readonly moment: (typeof moments)[number];
  /** `PATCH /api/v2/users/:id` */
  readonly route: string;
  /** From 0, of the moment. */
  readonly number: number;
}

export interface KilledRuns {
  /** Before the tenant's first request. */
  readonly install: (tenant: Tenant) => void;
  /**
   * Runs the command in a process, and kills it by SIGKILL at the first call that is meant.
   *
   * @returns That call; undefined where the run made none such and came to its end.
   */
  readonly run: (
    tenant: FurnishedTenant,
    isMeant: (call: CaughtCall) => boolean,
  ) => Promise<CaughtCall | undefined>;
}

export function killedRuns(): KilledRuns {
  let child: ChildProcess | undefined;
  let isMeant: ((call: CaughtCall) => boolean) | undefined;
  const kills: CaughtCall[] = [];
  const counts = { onRequest: 0, onSend: 0 };

  const caught = (moment: CaughtCall["moment"], { method, routeOptions }: FastifyRequest): boolean => {
    const call = { moment, route: `${method} ${routeOptions.url ?? ""}`, number: counts[moment]++ };
    if (isMeant?.(call) !== true) return false;
    isMeant = undefined;
    kills.push(call);
    return true;
  };
  const kill = async () => {
    if (child === undefined) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return {
    install: ({ app }) => {
      app.addHook("onRequest", async (request) => {
        if (!caught("onRequest", request)) return;
        await kill();
        // Nobody is left to hear it, and nothing of it may happen.
        throw new Error("killed");
      });
      app.addHook("onSend", async (request) => {
        if (caught("onSend", request)) await kill();
      });
    },
    run: async ({ tenant, env }, meant) => {
      counts.onRequest = 0;
      counts.onSend = 0;
      kills.length = 0;
      isMeant = meant;
      const args = ["certify", "--domain", tenant.domain, "--bind", "--yes"];
      child = spawn(process.execPath, ["--require", typescriptLoader, "cli/main.ts", ...args], {
        cwd: projectRoot,
        env: { ...env, TMPDIR: process.env["TMPDIR"] },
        stdio: "ignore",
      });
      const [code] = (await once(child, "exit")) as [number | null];
      isMeant = undefined;
      child = undefined;
      if (kills.length === 0 && code !== 0)
        throw new Error(`pictures certify ended with ${code ?? "a signal"}`);
      return kills[0];
    },
  };
}

/** The one more run after a kill. @returns What is wrong afterwards; undefined where nothing is. */
export async function wrongAfterwards(tenant: FurnishedTenant, before: string): Promise<string | undefined> {
  const { exitCode, text } = await tenant.certify();
  if (exitCode !== 0) return text;
  return (await tenant.contents()) === before ? undefined : "the tenant is another one than before";
}
