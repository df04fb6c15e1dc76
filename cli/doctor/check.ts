import type { Stack } from "../../infra/read-stack.ts";
import type { ManagementCredentials } from "../credentials/management-credentials.ts";
import type { Environment } from "../environment.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import type { Finding } from "./finding.ts";

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
