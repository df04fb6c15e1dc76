import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, parseJson } from "../../lib/json.ts";
import { stackName } from "../../stack/stack-file.ts";
import type { NamedFinding } from "../doctor/diagnose.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";

/** One thing to do, in the order in which they are done. */
export interface Step {
  readonly why: string;
  /** What to type. */
  readonly command: string;
}

export interface NextSteps {
  readonly steps: readonly Step[];
  /** Whether only the deployment is left. */
  readonly isReady: boolean;
}

interface SetUpStack {
  readonly stack: string;
  readonly domain: string;
  /** Of the doctor. */
  readonly findings: readonly NamedFinding[];
  readonly pulumi: RunPulumi;
}

/** What is left to do from here to a deployed stack. What only a deployment puts right is not a step of its own. */
export async function nextSteps({ stack, domain, findings, pulumi }: SetUpStack): Promise<NextSteps> {
  const isProblem = (...names: readonly string[]) => problemsIn(findings, names).length > 0;
  const steps: Step[] = problemsIn(findings, ["node", "pulumi", "plugins"]).map(({ detail, remedy }) => ({
    why: "Put the tools right:",
    command: remedy ?? detail,
  }));
  if (!isProblem("pulumi")) steps.push(...(await stackSteps(stack, pulumi)));
  const blocking: Step[] = [];
  if (isProblem("config")) {
    const command = `pulumi config set KEY VALUE --stack ${stack}`;
    blocking.push({ why: "Put the keys right that are named above:", command });
  }
  if (isProblem("credentials", "token", "scopes")) {
    const command = `export AUTH0_DOMAIN=${domain} AUTH0_CLIENT_ID=... AUTH0_CLIENT_SECRET=...`;
    blocking.push({ why: "Create that application with its scopes, and use its credentials:", command });
  }
  if (isProblem("aws-identity")) {
    const why = "Use AWS credentials of the account (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY):";
    blocking.push({ why, command: "export AWS_PROFILE=..." });
  }
  for (const { detail, remedy } of problemsIn(findings, ["bucket"])) {
    blocking.push({ why: `${detail}:`, command: remedy ?? "pulumi up" });
  }
  if (blocking.length > 0 || isProblem("node", "pulumi", "plugins")) {
    const again = { why: "Then run this again:", command: `npx pictures setup --stack ${stack}` };
    return { steps: [...steps, ...blocking, again], isReady: false };
  }
  const deploy = {
    why: "Deploy; it shows what it will create, and asks:",
    command: `pulumi up --stack ${stack}`,
  };
  return { steps: [...steps, deploy], isReady: true };
}

/** Those that a deployment does not put right. */
function problemsIn(findings: readonly NamedFinding[], names: readonly string[]) {
  return findings.flatMap((finding) =>
    finding.status === "problem" && finding.isMissing !== true && names.includes(finding.name)
      ? [finding]
      : [],
  );
}

/** Until the stack is there in Pulumi's backend. */
async function stackSteps(stack: string, pulumi: RunPulumi): Promise<readonly Step[]> {
  const there = await stacksInBackend(pulumi);
  if (there?.includes(stackName(stack)) === true) return [];
  const init = { why: "Create the stack in Pulumi:", command: `pulumi stack init ${stack}` };
  if (there !== undefined) return [init];
  return [
    {
      why: "Log in to where Pulumi keeps its state (pulumi login --local for this machine):",
      command: "pulumi login",
    },
    init,
  ];
}

/** Their own names; undefined where Pulumi does not say. */
async function stacksInBackend(pulumi: RunPulumi): Promise<readonly string[] | undefined> {
  try {
    const { code, stdout } = await pulumi(["stack", "ls", "--json"]);
    const listed = code === 0 ? parseJson(stdout) : undefined;
    if (!Array.isArray(listed)) return undefined;
    return (listed as unknown[]).flatMap((item) =>
      isRecord(item) && typeof item["name"] === "string" ? [stackName(item["name"])] : [],
    );
  } catch (error) {
    // That there is no pulumi, or that it does not answer, is among the findings.
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}
