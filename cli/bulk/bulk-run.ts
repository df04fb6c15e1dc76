import type { ManagementClient } from "auth0";
import type { JobPace } from "../../auth0/jobs.ts";
import type { People } from "../people/people.ts";
import type { TenantWork } from "../tenant-lock.ts";
import type { Ledger } from "./ledger.ts";
import type { MadePlan } from "./make-plan.ts";

export interface BulkLimits {
  /** So many lines are written one by one, without any job. */
  readonly oneByOne: number;
  /** False to write everybody one by one. */
  readonly imports: boolean;
  /** So many ids are looked up among identities by searches; more by an export. */
  readonly searchedIds: number;
  /** Bytes of the users in one import: Auth0 takes 500 KB with the form around them. */
  readonly importBytes: number;
}

export const bulkLimits: BulkLimits = {
  oneByOne: 200,
  imports: true,
  searchedIds: 400,
  importBytes: 490_000,
};

/** How many imports Auth0 takes at the same time. */
export const importsAtOnce = 2;

/** A run over a file's changes, for as long as the process lives. */
export interface BulkRun {
  /** The same for all processes of a run, and another one for a later run of the same file. */
  readonly id: string;
  readonly folder: string;
  readonly people: People;
  /** In an earlier process maybe. */
  readonly startedAt: Date;
  readonly plan: MadePlan;
  readonly ledger: Ledger;
  /** Without retries of its own: see `withManagementRetry`. */
  readonly sdk: ManagementClient;
  readonly limits: BulkLimits;
  readonly pace: { readonly exports: JobPace; readonly imports: JobPace };
  /** Ids of database connections by name; undefined for one that does not accept imports. */
  readonly connections: Map<string, string | undefined>;
  /** What people should know at the end. */
  readonly notes: string[];
  /**
   * Does a part of the run while no other command on this machine does such work. Between two parts the others get in: a run of
   * hours is not to hold anybody up for longer than one import.
   */
  readonly inStretch: <T>(kinds: readonly TenantWork[], work: () => Promise<T>) => Promise<T>;
}
