import type { LocalWorld } from "../../local/start/local-world.ts";
import { localConfig } from "../../local/start/write-project.ts";
import { inputPaths, knownResource } from "../known-resources.ts";
import { recordProgram } from "../record-program.ts";

/** One input property that the program sets. */
export interface RecordedProperty {
  /** Type and path, as the changes from outside are named. */
  readonly id: string;
  readonly type: string;
  /** The logical name of the first resource that has it. */
  readonly name: string;
}

/** Every property that a run on this world's configuration sets, each once for each type of resource. */
export async function recordedProperties({ tenant, s3 }: LocalWorld): Promise<RecordedProperty[]> {
  const values = Object.entries(localConfig(tenant.domain, s3));
  const config = Object.fromEntries(values.map(([key, value]) => [key, String(value)]));
  const issuer = Buffer.from(JSON.stringify({ iss: `https://${tenant.domain}/` })).toString("base64url");
  const { resources } = await recordProgram({
    stack: "local",
    config,
    awsAccountId: config["awsAccountId"] ?? "",
    env: { AUTH0_API_TOKEN: `e30.${issuer}.x` },
  });
  const properties = resources.flatMap(({ type, name, inputs }) =>
    inputPaths(inputs).map(([path]) => ({ id: `${type} ${wildcardOf(type, name, path)}`, type, name })),
  );
  return [
    ...new Map(properties.toReversed().map((property) => [property.id, property])).values(),
  ].toReversed();
}

/** The free keys of a map are one property: `tags.*`. Whose stack a client is belongs to the program's own mark. */
function wildcardOf(type: string, name: string, path: string): string {
  if (path.startsWith("clientMetadata.")) return "clientMetadata.stack";
  const wildcards = knownResource(type, name).inputs.filter((pattern) => pattern.endsWith(".*"));
  return wildcards.find((pattern) => path.startsWith(pattern.slice(0, -1))) ?? path;
}
