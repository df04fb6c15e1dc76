import type { PropertyMap } from "../grpc/property-map.ts";
import type { CheckProblem, KnownResource, ReadResource, UpdateRequest } from "../grpc/provider.ts";
import type { Binding } from "./flow/binding.ts";
import type { ManagementApi } from "./management-api.ts";

/** How one input is treated. */
export interface InputRule {
  readonly required?: true;
  /** A change needs another resource. */
  readonly replaces?: true;
}

/** What a look at the tenant says of inputs, before anything is done. */
export interface Findings {
  readonly problems?: readonly CheckProblem[];
  readonly warnings?: readonly string[];
}

/** What was made: the outputs are the inputs and what is `computed`. */
export interface Created {
  readonly id: string;
  readonly computed?: PropertyMap;
  /** What people should look at, though it was made. */
  readonly warnings?: readonly string[];
}

/** One resource type of the provider. Inputs are those that Check let through. */
export interface ResourceType {
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs beyond the inputs, which a preview of a new resource cannot know. */
  readonly computed: readonly string[];
  /** At each preview and deployment; inputs may hold unknown values. A new one has no old inputs. */
  check?(tenant: TenantConnection, inputs: PropertyMap, oldInputs: PropertyMap): Promise<Findings>;
  /** At the preview of a new one. Fails where the creation would. */
  previewCreate?(tenant: TenantConnection, inputs: PropertyMap): Promise<Findings>;
  create(tenant: TenantConnection, inputs: PropertyMap): Promise<Created>;
  /** What is there; undefined where nothing is. */
  read(tenant: TenantConnection, id: string, known: KnownResource): Promise<ReadResource | undefined>;
  update(tenant: TenantConnection, request: UpdateRequest): Promise<void>;
  /** Nothing happens when it is not there. */
  remove(tenant: TenantConnection, id: string, outputs: PropertyMap): Promise<void>;
}

/** The text of an input or output that was made sure of before. */
export function textOf(properties: PropertyMap, name: string): string {
  const value = properties[name];
  if (typeof value === "string") return value;
  throw new Error(`${name} is not a string`);
}

/** A configured provider's way to its tenant. */
export interface TenantConnection {
  readonly domain: string;
  readonly api: ManagementApi;
  /** The flows as this process saw them last, by trigger: good enough for warnings, never for a write. */
  readonly seenFlows: Map<string, readonly Binding[]>;
}
