import type { JsonRecord } from "../json-record.ts";
import type { PlannedImport } from "./make-plan.ts";
import type { Program, ProgramResource } from "./program-resources.ts";

/** A resource in the file that `pulumi import --file` reads. */
interface ImportEntry {
  readonly type: string;
  /** Its handle in the file. */
  readonly name: string;
  readonly logicalName: string;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly component?: true;
  readonly version?: string;
  readonly inputs?: JsonRecord;
}

interface ImportFile {
  /** URNs of what the state has already, by handle. */
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportEntry[];
}

/**
 * The file for these imports, each with the parent and the provider that the program gives it, so that the next `up`
 * finds it under its own URN. Parents and providers that the state lacks are made in the same run.
 */
export function importFile(
  imports: readonly PlannedImport[],
  program: Program,
  knownUrns: ReadonlySet<string>,
): ImportFile {
  const declared = new Map(program.resources.map((resource) => [resource.urn, resource]));
  const ids = new Map(imports.map(({ resource, candidate }) => [resource.urn, candidate.id]));
  const wanted = new Set<string>();
  const add = (urn: string): void => {
    const resource = declared.get(urn);
    if (resource === undefined || wanted.has(urn) || knownUrns.has(urn) || isStack(resource)) return;
    add(resource.parent);
    add(resource.provider);
    wanted.add(urn);
  };
  for (const { resource } of imports) add(resource.urn);

  const referred = [...wanted].flatMap((urn) => references(declared.get(urn)));
  const inState = [...new Set(referred)].filter((urn) => knownUrns.has(urn));
  const handles = new Map([...wanted, ...inState].map((urn, index) => [urn, `r${index}`]));
  return {
    nameTable: Object.fromEntries(inState.map((urn) => [handles.get(urn) ?? "", urn])),
    resources: [...wanted].flatMap((urn) => {
      const resource = declared.get(urn);
      return resource === undefined ? [] : [entry(resource, ids.get(urn), handles)];
    }),
  };
}

function references(resource: ProgramResource | undefined): string[] {
  return resource === undefined ? [] : [resource.parent, resource.provider];
}

function entry(
  resource: ProgramResource,
  id: string | undefined,
  handles: ReadonlyMap<string, string>,
): ImportEntry {
  const parent = handles.get(resource.parent);
  const provider = handles.get(resource.provider);
  return {
    type: resource.type,
    name: handles.get(resource.urn) ?? "",
    logicalName: resource.name,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(id === undefined ? {} : { id }),
    ...(resource.isComponent ? { component: true } : {}),
    ...(isProvider(resource) ? providerFields(resource) : {}),
  };
}

function providerFields({ inputs }: ProgramResource): Pick<ImportEntry, "version" | "inputs"> {
  const { version, __internal: _internal, ...settings } = inputs;
  return { ...(typeof version === "string" ? { version } : {}), inputs: settings };
}

function isProvider({ type }: ProgramResource): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Pulumi makes it by itself. */
function isStack({ type }: ProgramResource): boolean {
  return type === "pulumi:pulumi:Stack";
}
