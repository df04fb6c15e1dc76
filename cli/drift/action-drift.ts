import {
  moduleNames,
  type ActionContent,
  type ActionNow,
  type ActionVersion,
} from "../../auth0/actions-api.ts";
import { sha256, shortHash } from "../../lib/hash.ts";
import type { DriftCode, DriftFinding } from "./drift.ts";
import { codeDiff } from "./engine-drift.ts";
import type { ExpectedAction } from "./expected-action.ts";

export interface ComparedAction {
  readonly stack: string;
  readonly expected: ExpectedAction;
  /** Undefined where the tenant has none of that name. */
  readonly found: ActionNow | undefined;
  /** The code that the stack deployed last; undefined where its state does not tell. */
  readonly lastDeployed: string | undefined;
}

/** What of one Action is not as the program says: first what logins run, then the draft. */
export function actionDrift(compared: ComparedAction): DriftFinding[] {
  const { stack, found } = compared;
  const expected = deployedProgram(compared);
  const resource = `Action ${expected.name}`;
  if (found === undefined) {
    const mend = `pulumi up --refresh --stack ${stack}`;
    return [{ code: "action-missing", resource, property: "", expected: "there", found: "missing", mend }];
  }
  const fixes = fixesOf(stack, expected, found);
  const draft = draftDrift(expected, found, fixes);
  if (found.deployed === undefined) {
    const deployed = { expected: "a deployed version", found: "none", mend: fixes.version };
    return [{ code: "action-not-deployed", resource, property: "deployed version", ...deployed }, ...draft];
  }
  const findings = [...versionDrift(expected, found.deployed, fixes), ...draft];
  if (findings.length > 0 || found.allChangesDeployed) return findings;
  const undeployed = { expected: "deployed", found: "saved, not deployed", mend: fixes.version };
  return [{ code: "action-draft-undeployed", resource, property: "draft", ...undeployed }];
}

/** Where the program was changed and not deployed yet, the tenant is compared with what was; the engine tells the rest. */
function deployedProgram({ expected, found, lastDeployed }: ComparedAction): ExpectedAction {
  if (lastDeployed === undefined || found?.deployed?.code !== lastDeployed) return expected;
  return { ...expected, code: lastDeployed, codeHash: sha256(lastDeployed) };
}

interface Fixes {
  /** Of the deployed version. */
  readonly version: string;
  /** Of the draft's code and runtime. */
  readonly draft: string;
  /** Of what the program does not set, and so no run of it changes. */
  readonly unset: string;
}

function fixesOf(stack: string, expected: ExpectedAction, { draft, deployed }: ActionNow): Fixes {
  const up = `pulumi up --refresh --stack ${stack}`;
  const redeploy = `pictures redeploy ${expected.name} --stack ${stack}`;
  if (draft.code === expected.code) return { version: redeploy, draft: up, unset: redeploy };
  const replace =
    deployed === undefined || deployed.code === expected.code
      ? up
      : `pulumi config set replaceDeployed '["${expected.name}"]' --stack ${stack}, then ${up}, then ` +
        `pulumi config rm replaceDeployed --stack ${stack}`;
  return { version: replace, draft: replace, unset: `${replace}, then ${redeploy}` };
}

function versionDrift(expected: ExpectedAction, deployed: ActionVersion, fixes: Fixes): DriftFinding[] {
  const resource = `Action ${expected.name}`;
  const { code, number } = deployed;
  const codeFindings: DriftFinding[] =
    code === expected.code
      ? []
      : [
          {
            code: "action-version-differs",
            resource,
            property: "deployed code",
            expected: described(expected),
            found: `${described(deployed)}, version ${number}`,
            mend: fixes.version,
            diff: codeDiff(expected.name, expected.code, code),
          },
        ];
  return [
    ...codeFindings,
    ...compare(
      "action-runtime",
      resource,
      "deployed runtime",
      expected.runtime,
      deployed.runtime,
      fixes.version,
    ),
    ...lists("deployed ", expected, deployed, fixes, listCodes),
  ];
}

function draftDrift(expected: ExpectedAction, { draft, deployed }: ActionNow, fixes: Fixes): DriftFinding[] {
  const resource = `Action ${expected.name}`;
  const code: DriftCode = "action-draft-differs";
  const [codeFinding] = compare(code, resource, "code", described(expected), described(draft), fixes.draft);
  return [
    ...(codeFinding === undefined
      ? []
      : // The same code was shown with the deployed version.
        [
          deployed?.code === draft.code
            ? codeFinding
            : { ...codeFinding, diff: codeDiff(expected.name, expected.code, draft.code) },
        ]),
    ...compare(code, resource, "runtime", expected.runtime, draft.runtime, fixes.draft),
    ...lists("draft's ", expected, draft, fixes, { dependencies: code, secrets: code }),
  ];
}

const listCodes = { dependencies: "action-dependencies", secrets: "action-secrets" } as const;

/** What the program does not set and a run of it leaves alone. */
function lists(
  whose: string,
  expected: ExpectedAction,
  found: ActionContent,
  { unset }: Fixes,
  codes: Readonly<Record<"dependencies" | "secrets", DriftCode>>,
): DriftFinding[] {
  const resource = `Action ${expected.name}`;
  return [
    ...compare(
      codes.dependencies,
      resource,
      `${whose}dependencies`,
      listed(moduleNames(expected)),
      listed(moduleNames(found)),
      unset,
    ),
    ...compare(codes.secrets, resource, `${whose}secrets`, listed([]), listed(secretNames(found)), unset),
  ];
}

function compare(
  code: DriftCode,
  resource: string,
  property: string,
  expected: string,
  found: string,
  mend: string,
): DriftFinding[] {
  return expected === found ? [] : [{ code, resource, property, expected, found, mend }];
}

function described({ codeHash: hash }: ActionContent): string {
  return `code ${shortHash(hash)}`;
}

/** With the time of the last change; Auth0 never gives values. */
function secretNames({ secrets }: ActionContent): string[] {
  return secrets.map(({ name, updatedAt }) => `${name} (set ${updatedAt.slice(0, 19)})`).sort();
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}
