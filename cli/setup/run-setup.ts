import { basename } from "node:path";
import { existsSync } from "node:fs";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import type { Environment } from "../../lib/environment.ts";
import { canAsk, type Terminal } from "../../lib/questions.ts";
import { below, term, type TerminalText } from "../../lib/terminal-text.ts";
import { configKeys, type ConfigKey } from "../../stack/config-keys.ts";
import { exampleStacks, identityIn, isExample, isExampleValue } from "../../stack/example-stacks.ts";
import { configNamespace } from "../../stack/read-config.ts";
import {
  encryptedKeys,
  readStackFile,
  readStackNamed,
  stackFile,
  stackName,
} from "../../stack/stack-file.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { deploymentScopes } from "../doctor/check-scopes.ts";
import { checks, describeFindings, runChecks } from "../doctor/diagnose.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import { nextSteps, type Step } from "./next-steps.ts";
import { unknownRegion } from "./aws-regions.ts";
import {
  askForMissing,
  keysOf,
  secretProblem,
  valuesOfFlags,
  withoutSecrets,
  type MissingKey,
  type SetupValues,
} from "./setup-values.ts";
import { changeStackFile, type StackFileChange } from "./stack-document.ts";

export interface SetupRequest {
  /** As `--stack` takes it: `dev`, or `organization/project/dev`. */
  readonly stack: string;
  /** What the options say, by their name without dashes. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Environment;
  readonly pulumi: RunPulumi;
  /** Without a leading v. */
  readonly nodeVersion: string;
  readonly terminal: Terminal;
  /** Tells what takes time. */
  readonly say: (text: TerminalText) => void;
  readonly colours: boolean;
}

/**
 * `pictures setup`: puts what a stack must set into its file, then says what is left to do until `pulumi up`.
 *
 * @throws UsageError `stack-name-invalid`, `setup-value-invalid` or `setup-value-missing`: nothing was written; or an
 *   ExpectedError for a file that cannot be read or written.
 */
export async function runSetup(request: SetupRequest): Promise<CommandReport> {
  const { stack, env, pulumi, nodeVersion, say, colours } = request;
  refuseName(stackName(stack));
  const file = stackFile(stack, env);
  const former = existsSync(file) ? readStackFile(file) : {};
  const change = await changeOf(request, file, former);
  if (Object.keys(change).length > 0) await changeStackFile(file, stackName(stack), change);

  say(term`Checking stack ${stack}, as pictures doctor does ...`);
  const findings = await runChecks(checks, { stack, env, pulumi, nodeVersion });
  const scopes = await scopesToGrant(stack, env);
  const valueOf = (key: string) => readStackFile(file)[`${configNamespace}:${key}`] ?? "";
  const domain = valueOf("auth0Domain");
  const warnings = warningsOf(valueOf("awsRegion"), stack);
  const next = await nextSteps({ stack, domain, findings, pulumi });
  return {
    exitCode: next.isReady ? exitCode.done : exitCode.found,
    text: below(
      ...describeChange(file, change, former),
      term``,
      term`The application that deploys, a machine-to-machine application of ${domain}, needs these scopes of the`,
      term`Auth0 Management API (probably also read:client_keys, to show the new client's secret):`,
      term``,
      term`${scopes.join(" ")}`,
      term``,
      describeFindings(stack, findings, colours),
      term``,
      ...warnings.flatMap((warning) => [term`${warning}`, term``]),
      term`${next.isReady ? "Everything is ready. Next:" : "Next:"}`,
      ...next.steps.map(describeStep),
    ),
    json: {
      stack,
      file,
      changed: change,
      scopes,
      checks: findings,
      warnings,
      ready: next.isReady,
      next: next.steps.map(({ command }) => command),
    },
  };
}

/** Pulumi's own rule. A name with a slash would be a path here. */
function refuseName(name: string): void {
  if (/^[\w.-]{1,100}$/.test(name)) return;
  const message = `--stack ${JSON.stringify(name)} is not a stack's name: use letters, digits, hyphens, dots and underscores, such as dev.`;
  throw new UsageError("stack-name-invalid", message);
}

/** What is to be written: the options' values, the answers, and nothing of an example. */
async function changeOf(
  { stack, flags, env, terminal, say }: SetupRequest,
  file: string,
  former: Readonly<Record<string, string>>,
): Promise<StackFileChange> {
  const given = valuesOfFlags(flags, env);
  const encrypted = existsSync(file) ? encryptedKeys(file) : new Set<string>();
  const missing = keysOf(stackName(stack)).flatMap((setupKey): readonly MissingKey[] => {
    const full = `${configNamespace}:${setupKey.key}`;
    if (given[setupKey.key] !== undefined || encrypted.has(full)) return [];
    if (setupKey.key === "allowedHosts" && former[`${configNamespace}:allowAnyHost`] === "true") return [];
    const text = former[full];
    if (text === undefined || text === "" || text === "[]" || isOfExample(setupKey.key, former))
      return [{ setupKey }];
    const why = secretProblem(text, env) ?? whyInvalid(configKeys[setupKey.key], text);
    return why === undefined ? [] : [{ setupKey, found: { text: withoutSecrets(text, env), why } }];
  });
  if (missing.length > 0 && canAsk(terminal)) {
    const names = missing.map(({ setupKey }) => setupKey.key).join(", ");
    say(term`${basename(file)} needs ${names}. Ctrl-C ends this without writing anything.`);
  }
  const asked = await askForMissing(missing, env, terminal);
  const changed: SetupValues = { ...asked, ...given };
  const isLeftOver = isOfExample("allowedHosts", former) && changed.allowedHosts === undefined;
  return isLeftOver ? { ...changed, allowedHosts: undefined } : changed;
}

/** Whether a key's value came with the project. Of an example as a whole that is every value. */
function isOfExample(key: string, former: Readonly<Record<string, string>>): boolean {
  const text = former[`${configNamespace}:${key}`];
  if (text === undefined) return false;
  if (isExampleValue(key, text)) return true;
  return (
    isExample(identityIn(former)) && Object.values(exampleStacks).some((example) => example[key] === text)
  );
}

function whyInvalid({ parse }: ConfigKey<unknown>, text: string): string | undefined {
  const parsed = parse(text);
  return "problem" in parsed ? parsed.problem.why : undefined;
}

/** What is odd about what the file says now and may yet be right: AWS opens new regions. */
function warningsOf(region: string, stack: string): readonly string[] {
  const oddity = unknownRegion(region);
  if (oddity === undefined) return [];
  return [`awsRegion: ${region} ${oddity} To change it: npx pictures setup --stack ${stack} --region REGION`];
}

/** A configuration that is wrong elsewhere still needs the scopes that every one needs. */
async function scopesToGrant(stack: string, env: Environment): Promise<readonly string[]> {
  try {
    return deploymentScopes((await readStackNamed(stack, env)).config);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return deploymentScopes({ connections: [], clientAuthentication: "client_secret_post" });
  }
}

function describeChange(
  file: string,
  change: StackFileChange,
  former: Readonly<Record<string, string>>,
): readonly TerminalText[] {
  const entries = Object.entries(change);
  if (entries.length === 0) return [term`${file}: nothing to write, all is there.`];
  return [
    term`Wrote ${file}:`,
    ...entries.map(([key, value]) => {
      if (value === undefined)
        return term`  ${key}: removed, ${former[`${configNamespace}:${key}`] ?? ""} was the example's`;
      return term`  ${key}: ${typeof value === "string" ? value : value.join(", ")}`;
    }),
  ];
}

function describeStep({ command, why }: Step, index: number): TerminalText {
  return below(term`  ${index + 1}. ${why}`, term`       ${command}`);
}
