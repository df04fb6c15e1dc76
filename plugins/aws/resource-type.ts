import type { PropertyMap, SameMeaning } from "../grpc/property-map.ts";
import type { Connection } from "./connection.ts";

/** How the stand-in treats one input. */
export interface InputRule {
  readonly required?: true;
  /** A change needs another resource. */
  readonly replaces?: true;
}

/** What stands in for a resource that has an id. */
export interface Found {
  /** What a program would have to say to get what is there. */
  readonly inputs: PropertyMap;
  /** What is known beyond the inputs. */
  readonly computed: PropertyMap;
}

/** What Check knows beyond the inputs. */
export interface CheckContext {
  /** A name for a resource whose program gives none; the same at each Check of it. */
  readonly autoName: string;
  readonly oldInputs: PropertyMap;
}

/** One resource type of the provider. Its outputs are its inputs and what Found calls computed. */
export interface ResourceType {
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that a preview of a new resource cannot know. */
  readonly computed: readonly string[];
  /** Those of them that an update may change. */
  readonly changing?: readonly string[];
  /** Inputs of which different values may mean the same. */
  readonly sameMeaning?: Readonly<Record<string, SameMeaning>>;
  /** Fills in and normalises inputs. */
  complete?(inputs: PropertyMap, context: CheckContext): PropertyMap;
  /** What is wrong with the inputs; undefined when nothing is. */
  problem?(inputs: PropertyMap): { readonly property: string; readonly reason: string } | undefined;
  idOf(inputs: PropertyMap): string;
  /** Makes what is there what the inputs say; `olds` are the outputs so far, none for a new resource. */
  write(connection: Connection, inputs: PropertyMap, olds?: PropertyMap): Promise<void>;
  /** What is there; `known` are the inputs so far, none for an import. undefined when there is nothing. */
  read(connection: Connection, id: string, known: PropertyMap | undefined): Promise<Found | undefined>;
  /** Removes it; nothing happens when it is not there. `outputs` are those so far. */
  remove(connection: Connection, id: string, outputs: PropertyMap): Promise<void>;
}

/** The text of an input that Check has made sure of. */
export function textOf(inputs: PropertyMap, name: string): string {
  const value = inputs[name];
  if (typeof value === "string") return value;
  throw new Error(`Input ${name} is not a string`);
}
