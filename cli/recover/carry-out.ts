import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExpectedError } from "../../lib/errors.ts";
import type { JsonRecord } from "../../lib/json.ts";
import { term, type TerminalText } from "../../lib/terminal-text.ts";
import { runPulumi } from "../pulumi/run-pulumi.ts";
import type { Plan, PlannedImport } from "./make-plan.ts";
import type { Program, ProgramResource } from "./program-resources.ts";
import type { Services } from "./resource-kind.ts";
import { withoutPendingOperations, type StackState } from "./stack-state.ts";

export interface CarryOutInput {
  readonly plan: Plan;
  readonly program: Program;
  readonly state: StackState;
  /** What the state was read from. */
  readonly exported: string;
  readonly pulumi: PulumiCli;
  readonly services: Services;
  /** Told each step after it is done. */
  readonly progress: (text: TerminalText) => void;
}

/**
 * Does what the plan says. A run that is killed in between leaves less to do: the next one plans again.
 *
 * @throws ExpectedError of {@link PulumiCli}, `state-changed` or `recovery-incomplete`.
 */
export async function carryOut(input: CarryOutInput): Promise<void> {
  const { plan, pulumi, exported, progress } = input;
  if (plan.locks.length > 0) {
    await pulumi.onStack(["cancel", "--yes"]);
    progress(term`Cleared the lock.`);
  }
  if ((await pulumi.onStack(["stack", "export"])) !== exported) throw changedMeanwhile();
  if (plan.pendingOperations.length + plan.removals.length > 0) {
    // Where there is nothing to clear it still proves that no run holds the stack, whose new client would look like a duplicate.
    await pulumi.onStack(["stack", "import"], withoutPendingOperations(exported));
  }
  if (plan.pendingOperations.length > 0) progress(term`Cleared the unfinished operations in the state.`);
  await importAll(input);
  // Last: as long as the state does not know the one that stays, none may go.
  for (const { kind, candidate } of plan.removals) {
    await asked(candidate.what, () => kind.remove?.(candidate.id, input.services));
    progress(term`Removed ${candidate.what}.`);
  }
  for (const { kind, resource, id } of plan.finishes) {
    await asked(resource.name, () => kind.finish?.(id, input.services));
    progress(term`Deployed ${resource.name}.`);
  }
}

function changedMeanwhile(): ExpectedError {
  const message =
    "Another run changed the stack's state meanwhile. Nothing was imported or removed: run this again.";
  return new ExpectedError("state-changed", message);
}

async function importAll({ plan, program, state, pulumi, progress }: CarryOutInput): Promise<void> {
  if (plan.imports.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-import-"));
  try {
    const file = join(folder, "import.json");
    const known = new Set(state.resources.filter(({ isDeleted }) => !isDeleted).map(({ urn }) => urn));
    writeFileSync(file, JSON.stringify(importFile(plan.imports, program, known)), { mode: 0o600 });
    const options = ["--protect=false", "--generate-code=false", "--yes", "--skip-preview"];
    await pulumi.onStack(["import", "--file", file, ...options]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { candidate } of plan.imports) progress(term`Imported ${candidate.what}.`);
}

async function asked(what: string, request: () => Promise<unknown> | undefined): Promise<void> {
  try {
    await request();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    const message = `Auth0 refused it for ${what}: ${why}. What was done before stays done; fix that, then run this again.`;
    throw new ExpectedError("recovery-incomplete", message, { cause });
  }
}

/** A resource in the file that `pulumi import --file` reads. */
interface ImportEntry {
  readonly type: string;
  /** Its handle in the file. */
  readonly name: string;
  readonly logicalName: string;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly component?: true;
  readonly version?: string;
  readonly inputs?: JsonRecord;
}

interface ImportFile {
  /** URNs of what the state has already, by handle. */
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportEntry[];
}

/**
 * The file for these imports, each with the parent and the provider that the program gives it, so that the next `up`
 * finds it under its own URN. Parents and providers that the state lacks are made in the same run.
 */
export function importFile(
  imports: readonly PlannedImport[],
  program: Program,
  knownUrns: ReadonlySet<string>,
): ImportFile {
  const declared = new Map(program.resources.map((resource) => [resource.urn, resource]));
  const ids = new Map(imports.map(({ resource, candidate }) => [resource.urn, candidate.id]));
  const wanted = new Set<string>();
  const add = (urn: string): void => {
    const resource = declared.get(urn);
    if (resource === undefined || wanted.has(urn) || knownUrns.has(urn) || isStack(resource)) return;
    add(resource.parent);
    add(resource.provider);
    wanted.add(urn);
  };
  for (const { resource } of imports) add(resource.urn);

  const referred = [...wanted].flatMap((urn) => references(declared.get(urn)));
  const inState = [...new Set(referred)].filter((urn) => knownUrns.has(urn));
  const handles = new Map([...wanted, ...inState].map((urn, index) => [urn, `r${index}`]));
  return {
    nameTable: Object.fromEntries(inState.map((urn) => [handles.get(urn) ?? "", urn])),
    resources: [...wanted].flatMap((urn) => {
      const resource = declared.get(urn);
      return resource === undefined ? [] : [entry(resource, ids.get(urn), handles)];
    }),
  };
}

function references(resource: ProgramResource | undefined): string[] {
  return resource === undefined ? [] : [resource.parent, resource.provider];
}

function entry(
  resource: ProgramResource,
  id: string | undefined,
  handles: ReadonlyMap<string, string>,
): ImportEntry {
  const parent = handles.get(resource.parent);
  const provider = handles.get(resource.provider);
  return {
    type: resource.type,
    name: handles.get(resource.urn) ?? "",
    logicalName: resource.name,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(id === undefined ? {} : { id }),
    ...(resource.isComponent ? { component: true } : {}),
    ...(isProvider(resource) ? providerFields(resource) : {}),
  };
}

function providerFields({ inputs }: ProgramResource): Pick<ImportEntry, "version" | "inputs"> {
  const { version, __internal: _internal, ...settings } = inputs;
  return { ...(typeof version === "string" ? { version } : {}), inputs: settings };
}

function isProvider({ type }: ProgramResource): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Pulumi makes it by itself. */
function isStack({ type }: ProgramResource): boolean {
  return type === "pulumi:pulumi:Stack";
}

/** The user's own `pulumi`, on one stack of this project. */
export interface PulumiCli {
  /**
   * Runs it without questions and colours and gives its standard output.
   *
   * @param input What it gets on standard input.
   * @throws ExpectedError `pulumi-missing`, `stack-locked`, or `pulumi-failed` with what it said.
   */
  readonly run: (args: readonly string[], input?: string) => Promise<string>;
  /** The same for commands that belong to a stack. */
  readonly onStack: (args: readonly string[], input?: string) => Promise<string>;
}

export function pulumiCli(stack: string): PulumiCli {
  return {
    run: printed,
    onStack: (args, input) => printed([...args, "--stack", stack], input),
  };
}

async function printed(args: readonly string[], input = ""): Promise<string> {
  // As long as it takes: an engine works here, which must not be ended half way.
  const { code, stdout, stderr } = await runPulumi(args, { input, timeoutMs: 0 });
  if (code === 0) return stdout;
  const said = `${stderr}\n${errorsIn(stdout)}`.trim();
  if (said.includes("stack is currently locked")) {
    const message = `Another run has locked the stack:\n${said}\nWait for it. If it was killed, run \`pulumi cancel\` first.`;
    throw new ExpectedError("stack-locked", message);
  }
  throw new ExpectedError(
    "pulumi-failed",
    `pulumi ${args.join(" ")} failed:\n${said}\nFix that, then run this again.`,
  );
}

/** With --json the diagnostics come on standard output; the rest of it may hold secrets and is not shown. */
function errorsIn(stdout: string): string {
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as {
      diagnostics?: readonly { severity?: unknown; message?: unknown }[];
    };
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.map(({ message }) => String(message).trim()).join("\n");
  } catch {
    return stdout
      .split("\n")
      .filter((line) => /^\s*error:/.test(line))
      .join("\n");
  }
}
