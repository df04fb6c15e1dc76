import { recordIn, recordsIn, textIn, type JsonRecord } from "../json-record.ts";

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
  readonly inputs: JsonRecord;
  readonly outputs: JsonRecord;
}

export function readSteps(printed: JsonRecord): PreviewStep[] {
  return recordsIn(printed, "steps").map((step) => {
    const urn = textIn(step, "urn");
    const qualified = urn.split("::")[2] ?? "";
    return {
      op: textIn(step, "op"),
      urn,
      type: qualified.slice(qualified.lastIndexOf("$") + 1),
      name: urn.split("::").slice(3).join("::"),
      changed: Object.keys(recordIn(step, "detailedDiff")),
      old: values(recordIn(step, "oldState")),
      wanted: values(recordIn(step, "newState")),
    };
  });
}

function values(state: JsonRecord): PropertyValues {
  return { inputs: recordIn(state, "inputs"), outputs: recordIn(state, "outputs") };
}
