import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typescriptLoader } from "../../../../lib/project.ts";
import { ensureCertificates } from "../../../../local/certificates/ensure-certificates.ts";
import { term } from "../../../../lib/terminal-text.ts";
import { createTenant, type Tenant } from "../../../../tenant/create-tenant.ts";
import { createGate, type Call, type Player } from "./gate.ts";
import { playerHeader, type PlayerEnd, type PlayerOrder, type PlayerTask } from "./player-process.ts";

/** What two commands did that met. */
export interface Meeting {
  readonly calls: readonly Call[];
  readonly ends: Readonly<Record<Player, PlayerEnd>>;
}

/** A tenant, and two processes that share no lock. */
export interface MeetingStage {
  readonly tenant: Tenant;
  /**
   * Lets the commands do their requests in this order.
   *
   * @param same Whether the bulk command has the state folder of its last meeting, and not an empty one.
   */
  readonly meet: (
    tasks: Readonly<Record<Player, PlayerTask | undefined>>,
    order: readonly Player[],
    same?: boolean,
  ) => Promise<Meeting>;
  readonly close: () => Promise<void>;
}

export async function openMeetingStage(): Promise<MeetingStage> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-meeting-"));
  const certificates = await ensureCertificates(join(root, "certificates"));
  const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1, jobMs: 0 });
  const gate = createGate(tenant.app, playerHeader);
  const start = (player: Player): PlayerProcess => {
    const args = [player, tenant.domain, tenant.clientId, tenant.clientSecret];
    const child = fork(join(__dirname, "player-process.ts"), args, {
      execArgv: ["--require", typescriptLoader],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates.caFile },
    });
    const gone = goneOf(child);
    gone.catch(() => undefined);
    return { child, gone };
  };
  const players = { bulk: start("bulk"), block: start("block") };
  await Promise.all(Object.values(players).map(heard));
  let meetings = 0;
  return {
    tenant,
    meet: async (tasks, order, same = false) => {
      if (!same) meetings += 1;
      gate.open(order);
      const play = async (player: Player): Promise<PlayerEnd> => {
        const task = tasks[player];
        const stateHome = join(root, `${player}-${meetings}`);
        const end = task === undefined ? nothing : await played(players[player], { task, stateHome });
        gate.ended(player);
        return end;
      };
      const [bulk, block] = await Promise.all([play("bulk"), play("block")]);
      return { calls: gate.calls(), ends: { bulk, block } };
    },
    close: async () => {
      await Promise.all(Object.values(players).map(ended));
      await tenant.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const nothing: PlayerEnd = { text: term``, json: {} };

interface PlayerProcess {
  readonly child: ChildProcess;
  /** Rejects when the process ends. */
  readonly gone: Promise<never>;
}

async function heard({ child, gone }: PlayerProcess): Promise<unknown> {
  const [message] = (await Promise.race([once(child, "message"), gone])) as [unknown];
  return message;
}

async function played(player: PlayerProcess, order: PlayerOrder): Promise<PlayerEnd> {
  const end = heard(player);
  player.child.send(order);
  return (await end) as PlayerEnd;
}

async function goneOf(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  throw new Error(`A command's process ended with ${String(code)}.`);
}

async function ended({ child, gone }: PlayerProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.disconnect();
  await gone.catch(() => undefined);
}
