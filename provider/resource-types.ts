import { connectionSync } from "./connection/connection-sync.ts";
import { sharedFlow } from "./flow/shared-flow.ts";
import { ProviderError } from "./provider-error.ts";
import type { ResourceType } from "./resource-type.ts";

/** What the provider has. */
const resourceTypes: readonly ResourceType[] = [sharedFlow, connectionSync];

/** @throws ProviderError `type-unknown`. */
export function resourceTypeOf(token: string): ResourceType {
  const found = resourceTypes.find((type) => type.token === token);
  if (found !== undefined) return found;
  const known = resourceTypes.map((type) => type.token).join(", ");
  throw new ProviderError(
    "type-unknown",
    `The provider userpictures does not have ${token}; it has ${known}.`,
  );
}
