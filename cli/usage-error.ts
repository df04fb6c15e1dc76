import { ExpectedError } from "../infra/expected-error.ts";

/** The command line lacks something or contradicts itself; nothing was done, and the exit code is 3. */
export class UsageError extends ExpectedError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "UsageError";
  }
}
