/** An npm module that an Action may require. */
export interface ActionDependency {
  readonly name: string;
  readonly version: string;
}

/** What `pins/<stack>/<action>.json` holds. */
export interface PinRecord {
  /** The number of the version that was rolled back to. */
  readonly version: number;
  /** SHA-256 of the code beside it, in hexadecimal. */
  readonly codeHash: string;
  readonly runtime: string;
  readonly dependencies: readonly ActionDependency[];
  /** ISO 8601, UTC. */
  readonly pinnedAt: string;
  /** The version that Auth0 made of it and that was deployed then; it has an id of its own. */
  readonly deployed: { readonly id: string; readonly number: number };
  /** What ran before. */
  readonly replaced: { readonly number: number; readonly codeHash: string };
  /** The hash of the program's code and sources for this Action then; absent where the program did not build. */
  readonly program?: { readonly codeHash: string; readonly sourceHash: string };
}

/** A version of an Action that every run uses instead of the source. */
export interface Pin extends PinRecord {
  readonly action: string;
  readonly code: string;
}
