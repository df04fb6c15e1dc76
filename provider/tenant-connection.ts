import type { Binding } from "./flow/binding.ts";
import type { ManagementApi } from "./management-api.ts";

/** A configured provider's way to its tenant. */
export interface TenantConnection {
  readonly domain: string;
  readonly api: ManagementApi;
  /** The flows as this process saw them last, by trigger: good enough for warnings, never for a write. */
  readonly seenFlows: Map<string, readonly Binding[]>;
}
