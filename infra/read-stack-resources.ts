import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";

/** The outputs of the resources that the stack's state holds, by URN. */
export type StackResources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Asks the engine what the state held before this run. A program can know it in no other way, and one thing depends on
 * it: see flow-owners.ts.
 */
export async function readStackResources(): Promise<StackResources> {
  const stackName = `${getOrganization()}/${getProject()}/${getStack()}`;
  const { outputs: resources } = (await runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName,
  })) as {
    readonly outputs: Readonly<Record<string, { readonly outputs?: Readonly<Record<string, unknown>> }>>;
  };
  return new Map(Object.entries(resources).map(([urn, { outputs = {} }]) => [urn, outputs]));
}
