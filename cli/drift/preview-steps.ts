/** A step of `pulumi preview --refresh --json`, as far as drift is concerned. Secrets are masked by the engine. */
export interface PreviewStep {
  /** `refresh`, `same`, `create`, `update`, `replace`, `delete` … */
  readonly op: string;
  readonly urn: string;
  /** `auth0:index/action:Action` */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Paths of what differs, such as `grantTypes[1]` or `clientMetadata.stack`. */
  readonly changed: readonly string[];
  /** Of a `refresh`: before it. Of any other: after it. */
  readonly old: PropertyValues;
  /** What the program says. */
  readonly wanted: PropertyValues;
}

export interface PropertyValues {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export function readSteps(printed: Readonly<Record<string, unknown>>): PreviewStep[] {
  const steps = Array.isArray(printed["steps"]) ? (printed["steps"] as unknown[]) : [];
  return steps.filter(isRecord).map((step) => {
    const urn = text(step["urn"]);
    const qualified = urn.split("::")[2] ?? "";
    return {
      op: text(step["op"]),
      urn,
      type: qualified.slice(qualified.lastIndexOf("$") + 1),
      name: urn.split("::").slice(3).join("::"),
      changed: Object.keys(recordIn(step, "detailedDiff")),
      old: values(recordIn(step, "oldState")),
      wanted: values(recordIn(step, "newState")),
    };
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function values(state: Readonly<Record<string, unknown>>): PropertyValues {
  return { inputs: recordIn(state, "inputs"), outputs: recordIn(state, "outputs") };
}

function recordIn(of: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const value = of[key];
  return isRecord(value) ? value : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
