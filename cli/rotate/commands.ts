import { Command } from "commander";
import { term, terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import {
  jsonOption,
  reporting,
  stackOption,
  streamsOf,
  waitOption,
  yesOption,
  type CommandReport,
} from "../command.ts";

interface RotateOptions {
  readonly stack?: string;
  readonly finish?: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

const help = `
Two phases, so that nothing stops working: the first adds a new secret or key beside the old one and proves that it
works; --finish removes the old one when all programs use the new one. If a phase was interrupted, run it again.

Examples:
  pictures rotate --stack dev
  pictures rotate --finish --stack dev`;

/** `pictures rotate`: a new secret or key for the stack's Management API client, without downtime. */
export function rotateCommand(): Command {
  return new Command("rotate")
    .description("Replaces the secret or key of the stack's Management API client without downtime.")
    .option("--finish", "remove the old one, when all programs use the new one")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(reporting(rotate));
}

async function rotate(options: RotateOptions, command: Command): Promise<CommandReport> {
  const { selectedStack } = await import("../pulumi/run-pulumi.ts");
  const { confirm } = await import("../../lib/confirm.ts");
  const { stackConfig, stackOutputs } = await import("../pulumi/stack-config.ts");
  const { deployClients, proveClient } = await import("./prove-client.ts");
  const { rotateClient, describeRotation } = await import("./rotate-client.ts");

  const stack = await selectedStack(options.stack, process.env);
  if (!(await confirm(question(stack, options), options))) {
    return { text: term`Nothing was changed.`, json: { stack, phase: "unchanged" } };
  }
  const progress = (line: string) => streamsOf(command).err(term`${line}`);
  const context = {
    stack,
    config: stackConfig(stack),
    deploy: () => {
      progress(`pulumi up, for the clients of stack ${stack} only`);
      return deployClients(stack);
    },
    outputs: () => stackOutputs(stack),
    prove: (request: Parameters<typeof proveClient>[0]) => {
      progress(`a token and a read with client ${request.clientId}`);
      return proveClient(request);
    },
    progress,
  };
  const report = await withDeploymentLock("pictures rotate", stack, options, () =>
    rotateClient(context, options.finish === true ? "finish" : "begin"),
  );
  return { text: describeRotation(stack, report), json: { stack, ...report } };
}

function question(stack: string, { finish }: RotateOptions): TerminalText {
  return finish === true
    ? term`This removes the old secret or key of stack ${stack}'s client; programs that still use it stop working. Go on?`
    : term`This adds a new secret or key to stack ${stack}'s client, in its configuration and in the tenant. Go on?`;
}

/** Both commands write the client's configuration from what they read of it. */
async function withDeploymentLock<T>(
  command: string,
  stack: string,
  { wait }: Pick<RotateOptions, "wait">,
  work: () => Promise<T>,
): Promise<T> {
  const { tenantDomain } = await import("../pulumi/stack-tenant.ts");
  const { withTenantLock } = await import("../tenant-lock.ts");
  const { env } = process;
  const lock = { command, env, wait: wait === true };
  return withTenantLock(tenantDomain(stack, env), ["deployment"], lock, work);
}

interface CreateOptions {
  readonly stack?: string;
  readonly wait?: boolean;
}

/** `pictures keys`: the key pairs of a client that authenticates by `private_key_jwt`. */
export function keysCommand(): Command {
  return new Command("keys")
    .description("Creates the key pair of the stack's Management API client.")
    .addCommand(createCommand())
    .addHelpText("after", example);
}

const example = "\nExample:\n  pictures keys create --stack dev";

function createCommand(): Command {
  return new Command("create")
    .description(
      "Creates a key pair and writes it to the stack's configuration: the public key readable, the private key encrypted.",
    )
    .addOption(stackOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", example)
    .action(reporting(create));
}

async function create(options: CreateOptions): Promise<CommandReport> {
  const { selectedStack } = await import("../pulumi/run-pulumi.ts");
  const { stackConfig } = await import("../pulumi/stack-config.ts");
  const { createKeys } = await import("./key-pair.ts");

  const stack = await selectedStack(options.stack, process.env);
  const { publicKey, isInUse } = await withDeploymentLock("pictures keys create", stack, options, () =>
    createKeys(stack, stackConfig(stack)),
  );
  const use = `pulumi config set clientAuthentication private_key_jwt --stack ${stack}`;
  const steps = [...(isInUse ? [] : [use]), `pulumi up --stack ${stack}`];
  const text = terminalLines([
    `Created a key pair: clientPublicKeys and clientPrivateKey (encrypted) of stack ${stack}. Commit Pulumi.${stack}.yaml.`,
    "To use it (then the client's secret stops working):",
    ...steps.map((step) => `  ${step}`),
  ]);
  return { text, json: { stack, publicKey, next: steps } };
}
