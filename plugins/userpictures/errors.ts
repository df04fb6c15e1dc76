import { ExpectedError } from "../../lib/errors.ts";

interface ApiFailure {
  /** Method and address, without anything secret. */
  readonly request: string;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly why: string;
  /** How long the tenant asked to wait, in milliseconds; set with status 429. */
  readonly waitMs?: number;
}

/**
 * A request to the tenant failed: `auth0-refused` where it said no, `auth0-unreachable` where it did not answer in
 * order. No body is ever shown: it may hold what is secret.
 */
export class ApiError extends ExpectedError {
  readonly status: number | undefined;
  /** Set where the tenant did nothing and asked to wait (429), in milliseconds: a minute or less. */
  readonly waitMs: number | undefined;

  constructor({ request, status, why, waitMs }: ApiFailure, options?: ErrorOptions) {
    const refused = status !== undefined && status < 500 && status !== 429;
    super(
      refused ? "auth0-refused" : "auth0-unreachable",
      `${request}: ${why}. ${refused ? hint(status) : "Try again."}`,
      options,
    );
    this.name = "ApiError";
    this.status = status;
    this.waitMs = waitMs;
  }

  /** Whether the request may have done its work all the same. */
  get isUncertain(): boolean {
    return this.code === "auth0-unreachable" && this.status !== 429;
  }
}

function hint(status: number): string {
  if (status === 401) return "Check AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (or AUTH0_API_TOKEN).";
  if (status === 403) return "Grant the missing scope to the deploying application.";
  return "Check the tenant in Auth0's dashboard.";
}
