import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, recordIn, recordsIn, textIn, type JsonRecord } from "../../lib/json.ts";

/** What Pulumi writes for a value that it does not know before the deployment. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource that the program declares, as a preview shows it. */
export interface ProgramResource {
  readonly urn: string;
  readonly type: string;
  /** Its logical name. */
  readonly name: string;
  /** Whether the state lacks it. */
  readonly isMissing: boolean;
  /** Whether the next `up` leaves it as it is. */
  readonly isUnchanged: boolean;
  readonly isComponent: boolean;
  /** URN; empty for the stack itself. */
  readonly parent: string;
  /** URN of the provider; empty for a component or a provider. */
  readonly provider: string;
  readonly inputs: JsonRecord;
  /** URNs of what each input comes from. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Program {
  readonly stack: string;
  readonly project: string;
  /** Values of the stack's configuration, by key with namespace. */
  readonly config: JsonRecord;
  /** In the order of their creation: what a resource depends on comes before it. */
  readonly resources: readonly ProgramResource[];
}

/**
 * Reads what `pulumi preview --json --show-sames` printed.
 *
 * @throws ExpectedError `preview-unreadable`.
 */
export function readProgram(preview: string): Program {
  const digest = digestOf(preview);
  const resources = new Map<string, ProgramResource>();
  for (const step of recordsIn(digest, "steps")) {
    const resource = resourceOf(step);
    // A replacement has several steps.
    if (resource !== undefined && !resources.has(resource.urn)) resources.set(resource.urn, resource);
  }
  const [first] = resources.keys();
  const [, , stack = "", , project = ""] = first?.split(":") ?? [];
  return { stack, project, config: recordIn(digest, "config"), resources: [...resources.values()] };
}

function digestOf(preview: string): JsonRecord {
  try {
    const digest: unknown = JSON.parse(preview);
    if (isRecord(digest)) return digest;
  } catch {
    // Said below.
  }
  const message = "`pulumi preview --json` printed no plan. Try it yourself, then run this again.";
  throw new ExpectedError("preview-unreadable", message);
}

function resourceOf(step: JsonRecord): ProgramResource | undefined {
  const state = step["newState"];
  if (!isRecord(state)) return undefined;
  const urn = textIn(state, "urn");
  const dependencies = recordIn(state, "propertyDependencies");
  return {
    urn,
    type: textIn(state, "type"),
    name: urn.split("::").slice(3).join("::"),
    isMissing: step["op"] === "create",
    isUnchanged: step["op"] === "same",
    isComponent: state["custom"] !== true,
    parent: textIn(state, "parent"),
    // The reference ends in the provider's id.
    provider: textIn(state, "provider").split("::").slice(0, -1).join("::"),
    inputs: recordIn(state, "inputs"),
    dependencies: dependencies as Readonly<Record<string, readonly string[]>>,
  };
}

/** The inputs with every value that is another resource's id, as far as that is known; without the unknown ones. */
export function resolvedInputs(
  { inputs, dependencies }: ProgramResource,
  idOf: (urn: string) => string | undefined,
): JsonRecord {
  const entries = Object.entries(inputs).map(([name, value]) => {
    if (value !== unknownValue) return [name, value] as const;
    const [urn = ""] = dependencies[name] ?? [];
    return [name, idOf(urn)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
