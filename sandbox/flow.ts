/** An Action to run: its code is given, never read from anywhere. */
export interface SandboxAction {
  id: string;
  name: string;
  /** CommonJS with `exports.onExecutePostLogin`. */
  code: string;
  /** What the Action reads as `event.secrets`. */
  secrets: Record<string, string>;
}

export const effectKinds = [
  "idToken.setCustomClaim",
  "accessToken.setCustomClaim",
  "accessToken.addScope",
  "accessToken.removeScope",
  "user.setUserMetadata",
  "user.setAppMetadata",
  "samlResponse.setAttribute",
  "samlResponse",
] as const;

export type EffectKind = (typeof effectKinds)[number];

/** One call of an Action's `api` that changes the login. */
export interface ActionEffect {
  readonly kind: EffectKind;
  /** The claim, scope, metadata key, attribute or, for other SAML settings, method. */
  readonly name: string;
  /** JSON; absent where the Action gave `undefined`. */
  readonly value?: unknown;
}

export interface FlowEffect extends ActionEffect {
  /** The Action's name. */
  readonly action: string;
}

export interface ActionRun {
  id: string;
  name: string;
  durationMs: number;
  /** What it wrote to the console: at most 100 lines of at most 1,000 characters. */
  console: string[];
  /** The message of what it threw. */
  error?: string;
}

export interface FlowDenial {
  code: "access_denied";
  /** For the application, as `error_description`. */
  reason: string;
  /** `deny`: by api.access.deny; the others are failures, which end a login in the same way. */
  cause: "deny" | "error" | "time-limit" | "crash";
  /** The Action's name, where it is known. */
  action?: string;
}

/** What a flow of Actions makes of a login. */
export interface FlowResult {
  /** The Actions that ran, in order; those after a denial did not. */
  actions: ActionRun[];
  /** In the order of the calls. */
  effects: FlowEffect[];
  /** The last value that was set for each claim. */
  idTokenClaims: Record<string, unknown>;
  accessTokenClaims: Record<string, unknown>;
  /** Changes to merge; null removes a key. Empty after a failure, kept after api.access.deny, as Auth0 documents it. */
  userMetadata: Record<string, unknown>;
  appMetadata: Record<string, unknown>;
  samlAttributes: Record<string, unknown>;
  denied?: FlowDenial;
}
