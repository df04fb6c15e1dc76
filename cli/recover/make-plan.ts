import { managementFailure } from "../../auth0/management-client.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { textIn, type JsonRecord } from "../../lib/json.ts";
import { storeError } from "../storage/store-error.ts";
import { choose, type Choice, type Mode } from "./choose.ts";
import { resolvedInputs, type Program, type ProgramResource } from "./program-resources.ts";
import type { Candidate, ResourceKind, Services } from "./resource-kind.ts";
import type { StackLock } from "./stack-lock.ts";
import type { PendingOperation, StackState } from "./stack-state.ts";

export interface PlannedImport {
  readonly resource: ProgramResource;
  readonly candidate: Candidate;
}

export interface PlannedRemoval {
  readonly kind: ResourceKind;
  readonly candidate: Candidate;
}

export interface PlannedFinish {
  readonly kind: ResourceKind;
  readonly resource: ProgramResource;
  readonly id: string;
  readonly why: string;
}

/** Everything that a recovery or an adoption is going to do. */
export interface Plan {
  /** What killed runs left, to be cleared. */
  readonly locks: readonly StackLock[];
  readonly pendingOperations: readonly PendingOperation[];
  readonly imports: readonly PlannedImport[];
  readonly removals: readonly PlannedRemoval[];
  readonly finishes: readonly PlannedFinish[];
  /** Has the name of ours without proof that it is, or is ours while the state has another one: left alone. */
  readonly unclear: readonly Candidate[];
}

export interface PlanningInput {
  readonly mode: Mode;
  readonly program: Program;
  readonly state: StackState;
  readonly locks: readonly StackLock[];
  readonly kinds: readonly ResourceKind[];
  readonly services: Services;
  /** The client that the user named. */
  readonly chosenId?: string | undefined;
}

type Steps = Pick<Plan, "imports" | "removals" | "finishes" | "unclear">;

/**
 * Compares what the program declares and what the state knows with what is there. Only reads.
 *
 * @throws ExpectedError of {@link choose} or {@link readingFailure}, or `adopt-refused` where the user named what the
 *   program has no place for.
 */
export async function makePlan(input: PlanningInput): Promise<Plan> {
  const { program, state, locks } = input;
  const ids = new Map(
    state.resources
      .filter(({ id, isDeleted }) => id !== "" && !isDeleted)
      .map(({ urn, id }) => [urn, id] as const),
  );
  const steps: Steps[] = [];
  // One after the other: a grant is looked for by the id of its client, which may have just been found.
  for (const resource of program.resources) {
    const step = await stepsFor(resource, input, ids, steps);
    if (step === undefined) continue;
    steps.push(step);
    for (const found of step.imports) ids.set(resource.urn, found.candidate.id);
  }
  refuseUnusedName(input, steps);
  return {
    locks,
    pendingOperations: state.pendingOperations,
    imports: steps.flatMap(({ imports }) => imports),
    removals: steps.flatMap(({ removals }) => removals),
    finishes: steps.flatMap(({ finishes }) => finishes),
    unclear: steps.flatMap(({ unclear }) => unclear),
  };
}

/** Whether there is nothing to do. */
export function isEmptyPlan({ locks, pendingOperations, imports, removals, finishes }: Plan): boolean {
  return [locks, pendingOperations, imports, removals, finishes].every(({ length }) => length === 0);
}

/** The named one is to be imported, or the state has it already. */
function refuseUnusedName({ chosenId, kinds, state }: PlanningInput, steps: readonly Steps[]): void {
  if (chosenId === undefined) return;
  const types = kinds.filter(({ isNamedByUser }) => isNamedByUser === true).map(({ type }) => type);
  const imported = steps
    .flatMap(({ imports }) => imports)
    .filter(({ resource }) => types.includes(resource.type));
  const known = state.resources.filter(({ type, isDeleted }) => types.includes(type) && !isDeleted);
  const ids = [...imported.map(({ candidate }) => candidate.id), ...known.map(({ id }) => id)];
  if (ids.includes(chosenId)) return;
  const instead =
    ids.length === 0 ? "the program has none" : `the stack has ${ids.join(", ")} in its place already`;
  throw new ExpectedError(
    "adopt-refused",
    `Client ${chosenId} cannot be taken over: ${instead}. Nothing was imported. Leave --client out to adopt the rest.`,
  );
}

async function stepsFor(
  resource: ProgramResource,
  { mode, kinds, services, state, chosenId }: PlanningInput,
  ids: ReadonlyMap<string, string>,
  former: readonly Steps[],
): Promise<Steps | undefined> {
  const kind = kinds.find(({ type }) => type === resource.type);
  if (kind === undefined || (mode === "recover" && kind.isRepeatable)) return undefined;
  const inputs = resolvedInputs(resource, (urn) => ids.get(urn));
  const known = knownIds(kind.type, state, former);
  const { found, finishes } = await read(resource, kind, inputs, services, ids.get(resource.urn));
  const candidates = found.filter(({ id }) => !known.has(id));
  const named = kind.isNamedByUser === true ? chosenId : undefined;
  const choice = choose({ mode, isMissing: resource.isMissing, candidates, chosenId: named });
  return { ...stepsOf(choice, resource, kind), finishes };
}

function stepsOf(choice: Choice, resource: ProgramResource, kind: ResourceKind): Omit<Steps, "finishes"> {
  const canRemove = kind.remove !== undefined;
  return {
    imports: choice.import === undefined ? [] : [{ resource, candidate: choice.import }],
    removals: canRemove ? choice.duplicates.map((candidate) => ({ kind, candidate })) : [],
    unclear: [...choice.unclear, ...(canRemove ? [] : choice.duplicates)],
  };
}

interface Read {
  readonly found: readonly Candidate[];
  readonly finishes: readonly PlannedFinish[];
}

/** @throws what {@link readingFailure} makes of a failure. */
async function read(
  resource: ProgramResource,
  kind: ResourceKind,
  inputs: JsonRecord,
  services: Services,
  id: string | undefined,
): Promise<Read> {
  try {
    const found = await kind.find(inputs, services);
    return { found, finishes: await finishesFor(resource, kind, id, services) };
  } catch (error) {
    throw readingFailure(error, { kind, inputs, services });
  }
}

/** Ids that the state has, those of replaced resources too, and those that were given away already. */
function knownIds(type: string, state: StackState, former: readonly Steps[]): ReadonlySet<string> {
  const inState = state.resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const imported = former.flatMap(({ imports }) => imports).filter(({ resource }) => resource.type === type);
  const removed = former.flatMap(({ removals }) => removals).filter(({ kind }) => kind.type === type);
  return new Set([...inState, ...[...imported, ...removed].map(({ candidate }) => candidate.id)]);
}

async function finishesFor(
  resource: ProgramResource,
  kind: ResourceKind,
  id: string | undefined,
  services: Services,
): Promise<readonly PlannedFinish[]> {
  if (!resource.isUnchanged || id === undefined || kind.unfinished === undefined) return [];
  const why = await kind.unfinished(id, resource.inputs, services);
  return why === undefined ? [] : [{ kind, resource, id, why }];
}

/** What was being looked for. */
interface Reading {
  readonly kind: ResourceKind;
  readonly inputs: JsonRecord;
  readonly services: Services;
}

/**
 * What a refusal or a lost answer means for people, as an ExpectedError of {@link managementFailure} or
 * {@link storeError}; any other error comes back as it is.
 */
export function readingFailure(error: unknown, { kind, inputs, services }: Reading): unknown {
  if (error instanceof ExpectedError) return error;
  const what = kind.type.split(":").at(-1) ?? kind.type;
  if (kind.type.startsWith("aws:")) {
    const bucket = textIn(inputs, "bucket");
    const task = `read the ${what} of bucket ${bucket}`;
    const { permissions } = kind;
    return storeError(error, { bucket, region: services.awsRegion }, { task, permissions });
  }
  const failure = managementFailure(error, services.auth0Domain, `reading what could be its ${what}`);
  if (!(failure instanceof ExpectedError)) return failure;
  const { code, message } = failure;
  return new ExpectedError(code, `${message} ${remedy(code, kind)}`, { cause: error });
}

function remedy(code: string, { permissions }: ResourceKind): string {
  const unchanged = "Nothing was imported or removed.";
  if (code !== "auth0-forbidden") return `${unchanged} Run this again.`;
  return `${unchanged} Grant the deploying client ${permissions.join(" and ")}, then run this again.`;
}
