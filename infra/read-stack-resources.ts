import { setTimeout as sleep } from "node:timers/promises";
import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";

/** The outputs of the resources that the stack's state holds, by URN. */
export type StackResources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** In milliseconds, before each further try. */
const pauses: readonly number[] = [50, 200, 500, 1000];

/**
 * Asks the engine what the state held before this run. A program can know it in no other way, and one thing depends on
 * it: see flow-owners.ts.
 */
export async function readStackResources(): Promise<StackResources> {
  const { outputs: resources } = (await askEngine()) as {
    readonly outputs: Readonly<Record<string, { readonly outputs?: Readonly<Record<string, unknown>> }>>;
  };
  return new Map(Object.entries(resources).map(([urn, { outputs = {} }]) => [urn, outputs]));
}

/** The engine writes its state while it answers, and finds a half-written file now and then (seen with a file backend). */
async function askEngine(): Promise<unknown> {
  const stackName = `${getOrganization()}/${getProject()}/${getStack()}`;
  const ask = (): Promise<unknown> => runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  for (const pause of pauses) {
    try {
      return await ask();
    } catch (error) {
      if (!String(error).includes("failed to load checkpoint")) throw error;
    }
    await sleep(pause);
  }
  return ask();
}
