import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { bundleActions } from "../infra/bundle-actions.ts";
import { firstEditionCodes } from "./first-edition.ts";
import { loginsPerRun, measureCode, runs, type Figures } from "./measure-code.ts";
import { documentedSnippets } from "./snippets/documented-snippets.ts";
import { userKinds, type UserKind } from "./user-kinds.ts";

/** What `actions` found; times in microseconds. */
interface ActionsReport {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly runs: number;
  readonly loginsPerRun: number;
  /** The median login through both deployed Actions is to stay below this. */
  readonly target: number;
  readonly figures: readonly Figures[];
}

const target = 5;

/**
 * `npm run bench actions`: what a login pays for the deployed Actions, next to the snippets of the vendor's
 * documentation. Also writes bench/results/actions.json.
 */
export async function benchActions(asJson: boolean): Promise<void> {
  const report = await measure();
  const json = `${JSON.stringify(report, null, 2)}\n`;
  const folder = join(__dirname, "results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "actions.json"), json);
  process.stdout.write(asJson ? json : table(report));
}

async function measure(): Promise<ActionsReport> {
  const bundles = bundleActions({
    defaultUrl: "https://img.acme.com/default-3f2a.png",
    gravatar: "fallback",
    social: "keep",
    allowedHosts: [],
    allowedPrefixes: ["https://img.acme.com/users/"],
    maxLength: 2048,
    samlAttribute: "http://schemas.auth0.com/picture",
  });
  const codes = bundles.map(({ code }) => code);
  const first = await firstEditionCodes(codes[0] ?? "");
  const figures = await measureCode([
    { name: "both Actions", codes },
    ...(first === undefined ? [] : [{ name: "the first edition's", codes: first }]),
    ...Object.entries(documentedSnippets).map(([name, code]) => ({ name, codes: [code] })),
  ]);
  const processors = cpus();
  const cpu = processors[0]?.model.trim() ?? "unknown";
  const machine = { cpu, cores: processors.length, node: process.version };
  return { machine, runs, loginsPerRun, target, figures };
}

function table({ machine, figures }: ActionsReport): string {
  const kinds = Object.keys(userKinds) as UserKind[];
  const rows = figures.map(({ name, bytes, compile, median, perKind }) => [
    ...[name, ...[bytes, compile, median].map(String)],
    ...kinds.map((kind) => String(perKind[kind])),
  ]);
  const lines = [["µs per login", "bytes", "compile", "median", ...kinds], ...rows].map((cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(24) : cell.padStart(12))).join(""),
  );
  const about = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; medians of ${runs} runs of ${loginsPerRun} logins`;
  const ours = figures[0]?.median ?? Number.NaN;
  const before = figures.find(({ name }) => name === "the first edition's")?.median;
  const verdict = `target for both Actions: median below ${target} µs: ${ours < target ? "met" : "missed"}`;
  const ratio = before === undefined ? [] : [`ratio to the first edition: ${(ours / before).toFixed(2)}`];
  return `${[about, "", ...lines, "", verdict, ...ratio].join("\n")}\n`;
}
