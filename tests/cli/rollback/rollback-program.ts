/** For rollbacks-at-once.test.ts: one rollback of user-picture in stack `local`, without Pulumi; prints the error's code, or `done`. */
import { runRollback } from "../../../cli/rollback/run-rollback.ts";
import { ExpectedError } from "../../../lib/errors.ts";

async function main(): Promise<string> {
  const { env } = process;
  try {
    await runRollback({
      stack: "local",
      action: "user-picture",
      to: Number(process.argv[2]),
      all: false,
      toSource: undefined,
      yes: true,
      env,
      program: () => Promise.resolve({ bundles: undefined, why: "not built here" }),
      startedAt: 0,
      say: () => undefined,
      pulumi: () => Promise.resolve({ code: 255, stdout: "", stderr: "error: the backend is down" }),
      overtakenMs: 700,
    });
    return "done";
  } catch (error) {
    if (error instanceof ExpectedError) return error.code;
    throw error;
  }
}

void main().then((outcome) => process.stdout.write(outcome));
