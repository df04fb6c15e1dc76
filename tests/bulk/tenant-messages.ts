/** What the test asks of its tenant's process. */
export type TenantOrder =
  /** The process at work was killed: what was in flight may be sent once more. */
  | { readonly kind: "killed" }
  /** The import of this number gets lost before it has an effect. */
  | { readonly kind: "lose"; readonly number: number }
  /** Others give these users another picture, and delete those. */
  | { readonly kind: "meddle"; readonly changed: readonly number[]; readonly deleted: readonly number[] }
  | { readonly kind: "finish"; readonly file: string };

/** What the tenant's process tells. */
export type TenantNews =
  | {
      readonly kind: "ready";
      readonly domain: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  /** A request has come and is not answered yet. */
  | { readonly kind: "asked"; readonly what: "export" | "import"; readonly number: number }
  | { readonly kind: "finished"; readonly result: TenantResult };

export interface TenantResult {
  /** Requests of the Management API. */
  readonly requests: number;
  /** Of them, those for one user: blocks, and whoever takes no import. */
  readonly requestsOfOne: number;
  readonly imports: number;
  readonly exports: number;
  /** Users who were sent again though they were in no file in flight when a process was killed. */
  readonly sentTwice: number;
  /** Users who were sent again at all. */
  readonly sentAgain: number;
  /** What others wrote, by number of the user. */
  readonly notes: Readonly<Record<string, string>>;
  /** Numbers of users whom others deleted. */
  readonly deleted: readonly number[];
  readonly unhandled: number;
}
