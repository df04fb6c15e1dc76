import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { typescriptLoader } from "../../lib/project.ts";
import type { TenantWork } from "../../cli/tenant-lock.ts";

export interface Holder {
  readonly pid: number;
  /** Ends it as a command ends. */
  readonly end: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

/** Another process that has a tenant's lock; resolves when it has it. Those that are still there end with the test. */
export function lockHolders(): (stateHome: string, domain: string, kind: TenantWork) => Promise<Holder> {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => ended(child, () => child.kill("SIGKILL"))));
  });
  return async (stateHome, domain, kind) => {
    const program = join(__dirname, "tenant-lock-holder.ts");
    const child = spawn(process.execPath, ["--require", typescriptLoader, program, domain, kind], {
      env: { ...process.env, XDG_STATE_HOME: stateHome },
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(child);
    await once(child.stdout, "data");
    return {
      pid: child.pid ?? 0,
      end: () => ended(child, () => child.stdin.end()),
      kill: () => ended(child, () => child.kill("SIGKILL")),
    };
  };
}

async function ended(child: ChildProcess, end: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  end();
  await exit;
}
