import type { ActionVersion } from "../../auth0/actions-api.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256, shortHash } from "../../lib/hash.ts";
import { below, terminalBlock, terminalLines } from "../../lib/terminal-text.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import { behindSource, describeBehind } from "../../stack/pin-findings.ts";
import { readPin, type Pin, type PinFiles } from "../../stack/pins.ts";
import type { CommandReport } from "../command.ts";
import { programNow, sourceCode } from "./program-now.ts";
import { stackActions } from "./stack-actions.ts";

interface ListedVersion {
  readonly number: number;
  readonly createdAt: string;
  readonly deployed: boolean;
  readonly codeHash: string;
  /** Of the bundle's header; null where the code was not made by this project. */
  readonly sourceHash: string | null;
  /** `source`, `pin`, both, or neither. */
  readonly equals: readonly ("source" | "pin")[];
}

/** The versions of an Action that Auth0 keeps, newest first. */
export async function listVersions(stack: string, name: string, env: Environment): Promise<CommandReport> {
  const { api, files } = await stackActions(stack, env);
  const action = await api.find(name);
  const versions = await api.versions(action.id);
  const program = await programNow(stack, env);
  const source = sourceCode(program, name);
  const { pin, problem } = pinOf(files, name);
  const listed = versions.map((version) => listedVersion(version, action.deployed?.id, source, pin));
  const notes = [
    ...(source === undefined
      ? [`What the source gives is unknown: ${String("why" in program && program.why)}`]
      : []),
    ...(problem === undefined ? [] : [problem]),
    ...(pin === undefined ? [] : [describePin(pin, source)]),
    ...(action.allChangesDeployed ? [] : ["The draft differs from what is deployed."]),
  ];
  return {
    text: below(terminalLines(table(listed)), ...notes.map(terminalBlock)),
    json: { stack, action: name, versions: listed, pinned: pin?.version ?? null, notes },
  };
}

function pinOf(files: PinFiles, name: string): { pin: Pin | undefined; problem?: string } {
  try {
    return { pin: readPin(files, name) };
  } catch (error) {
    if (error instanceof ExpectedError) return { pin: undefined, problem: error.message };
    throw error;
  }
}

function listedVersion(
  version: ActionVersion,
  deployedId: string | undefined,
  source: string | undefined,
  pin: Pin | undefined,
): ListedVersion {
  return {
    number: version.number,
    createdAt: version.createdAt,
    deployed: version.id === deployedId,
    codeHash: version.codeHash,
    sourceHash: readBundleHeader(version.code)?.sourceHash ?? null,
    equals: [
      ...(source !== undefined && version.codeHash === sha256(source) ? (["source"] as const) : []),
      ...(version.codeHash === pin?.codeHash ? (["pin"] as const) : []),
    ],
  };
}

function describePin(pin: Pin, source: string | undefined): string {
  const behind = source === undefined ? "" : `; ${describeBehind(behindSource(pin.code, source))}`;
  return `Pinned to version ${pin.version} since ${pin.pinnedAt}${behind}.`;
}

function table(versions: readonly ListedVersion[]): string[] {
  if (versions.length === 0) return ["It was never deployed."];
  const rows = versions.map(({ number, createdAt, deployed, codeHash: hash, sourceHash, equals }) => [
    String(number),
    createdAt.slice(0, 19).replace("T", " "),
    deployed ? "deployed" : "",
    shortHash(hash),
    sourceHash === null ? "not ours" : shortHash(sourceHash),
    equals.join(", "),
  ]);
  const all = [["version", "made (UTC)", "", "code", "sources", "equals"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
