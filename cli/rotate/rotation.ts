import type { ManagementTokenRequest } from "../../infra/request-management-token.ts";
import type { StackConfig } from "../pulumi/stack-config.ts";

/** What a rotation works on: the stack's configuration and deployment, and the tenant. */
export interface RotationContext {
  readonly stack: string;
  readonly config: StackConfig;
  /** Makes the tenant's clients what the configuration says. */
  readonly deploy: () => Promise<void>;
  /** The stack's outputs, decrypted: never to be shown. */
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** Rejects where the client does not work. */
  readonly prove: (request: ManagementTokenRequest) => Promise<void>;
  /** Told each step, for people. */
  readonly progress: (line: string) => void;
}

/** Where a rotation is when the command ends. */
export interface RotationReport {
  readonly kind: "secret" | "key";
  /** `begun`: old and new work; consumers have to move. `finished`: only the new works. */
  readonly phase: "begun" | "finished";
  /** The client that the new credential is for. */
  readonly clientId: string;
}
