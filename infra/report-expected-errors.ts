import { RunError } from "@pulumi/pulumi/errors";
import { ExpectedError } from "./expected-error.ts";

/** Wraps a Pulumi program so that an expected error is shown as its message, without a stack trace. */
export function reportingExpectedErrors<T>(program: () => Promise<T>): () => Promise<T> {
  return async () => {
    try {
      return await program();
    } catch (error) {
      if (error instanceof ExpectedError) throw new RunError(`${error.message} [${error.code}]`);
      throw error;
    }
  };
}
