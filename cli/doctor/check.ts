import type { ManagementCredentials } from "../../auth0/credentials.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import type { Stack } from "../../stack/read-stack.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";

/** What the checks look at. */
export interface Surroundings {
  readonly stack: string;
  readonly env: Environment;
  readonly pulumi: RunPulumi;
  /** Without a leading v. */
  readonly nodeVersion: string;
}

/** What earlier checks found out and later ones build on; what is missing here was a problem there. */
export interface Facts {
  config?: Stack;
  credentials?: ManagementCredentials;
  access?: ManagementAccess;
}

/** One check: its name is stable, for programs. */
export interface Check {
  readonly name: string;
  /**
   * An `ExpectedError` that it throws counts as a problem.
   *
   * @param facts May be added to.
   */
  readonly run: (surroundings: Surroundings, facts: Facts) => Promise<Finding>;
}

/** What one check of `pictures doctor` found. */
export type Finding =
  | { readonly status: "ok"; readonly detail: string }
  /** `remedy` is missing where `detail` says it already. */
  | {
      readonly status: "problem";
      readonly detail: string;
      readonly remedy?: string;
      /** It is not there, as before the first `pulumi up`, which makes it. */
      readonly isMissing?: true;
    }
  /** `detail` says why. */
  | { readonly status: "skipped"; readonly detail: string };

export function ok(detail: string): Finding {
  return { status: "ok", detail };
}

export function problem(detail: string, remedy?: string): Finding & { readonly status: "problem" } {
  return { status: "problem", detail, ...(remedy === undefined ? {} : { remedy }) };
}

/** Of what a deployment creates. */
export function missing(detail: string, remedy: string): Finding {
  return { ...problem(detail, remedy), isMissing: true };
}

export function skipped(detail: string): Finding {
  return { status: "skipped", detail };
}
