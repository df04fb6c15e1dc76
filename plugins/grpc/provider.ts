import type { Change, PropertyMap } from "./property-map.ts";

/** What the engine asks of a provider, without its wire format; see provider.proto of Pulumi. */
export interface Provider {
  configure(config: PropertyMap): Promise<void>;
  check(token: string, request: CheckRequest): CheckedInputs | Promise<CheckedInputs>;
  diff(token: string, olds: PropertyMap, news: PropertyMap): InputChange[];
  create(token: string, inputs: PropertyMap, preview: boolean): Promise<CreatedResource>;
  read(token: string, id: string, known: KnownResource): Promise<ReadResource | undefined>;
  update(token: string, request: UpdateRequest, preview: boolean): Promise<PropertyMap>;
  remove(token: string, id: string, outputs: PropertyMap): Promise<void>;
  invoke(token: string, args: PropertyMap): PropertyMap | Promise<PropertyMap>;
}

export interface CheckRequest {
  /** The resource's logical name. */
  readonly name: string;
  readonly inputs: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly randomSeed: Uint8Array;
  /** The name that the stack's autonaming configuration gives. */
  readonly proposedName: string | undefined;
}

/** A reason why a resource is refused before anything is done. */
export interface CheckProblem {
  readonly property: string;
  readonly reason: string;
}

/** What people should read though nothing is refused; the engine shows it with the resource's name. */
interface Warned {
  readonly warnings?: readonly string[];
}

export interface CheckedInputs extends Warned {
  readonly inputs: PropertyMap;
  readonly problems: readonly CheckProblem[];
}

export interface InputChange extends Change {
  readonly replaces: boolean;
}

export interface CreatedResource extends Warned {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

/** What the state says of a resource that is read; of an import nothing is known. */
export interface KnownResource {
  readonly inputs: PropertyMap | undefined;
  readonly outputs: PropertyMap;
}

export interface ReadResource {
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly inputs: PropertyMap;
}

export interface UpdateRequest {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly oldOutputs: PropertyMap;
}
