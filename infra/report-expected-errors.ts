import { RunError } from "@pulumi/pulumi/errors";
import { ExpectedError } from "./expected-error.ts";

/** Makes Pulumi show an expected error of the program as its message and code, without a stack trace. */
export async function reportingExpectedErrors<T>(program: Promise<T>): Promise<T> {
  try {
    return await program;
  } catch (error) {
    if (error instanceof ExpectedError) throw new RunError(`${error.message} [${error.code}]`);
    throw error;
  }
}
