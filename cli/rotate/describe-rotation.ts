import type { RotationReport } from "./rotation.ts";

/** What people have to know, and do, after a phase of a rotation. Names where a secret is, never the secret. */
export function describeRotation(stack: string, { kind, phase, clientId }: RotationReport): string {
  if (phase === "finished") {
    return [
      `Finished. Client ${clientId} works with its new ${kind}; the old ${kind} is gone.`,
      commitHint(stack),
    ].join("\n");
  }
  return [
    `The new ${kind} works; so does the old one.`,
    "",
    "Now move every program and person that has the old one:",
    ...(kind === "secret" ? movedSecret(stack, clientId) : movedKey(stack)),
    "Commands that take their credentials from the stack's outputs move by themselves.",
    "",
    `Then: pictures rotate --finish --stack ${stack}`,
    commitHint(stack),
  ].join("\n");
}

function movedSecret(stack: string, clientId: string): string[] {
  return [
    `  PICTURES_CLIENT_ID      ${clientId} (it is another client)`,
    `  PICTURES_CLIENT_SECRET  pulumi stack output nextManagementClientSecret --show-secrets --stack ${stack}`,
  ];
}

function movedKey(stack: string): string[] {
  return [`  PICTURES_PRIVATE_KEY_FILE  pulumi config get clientNextPrivateKey --stack ${stack}`];
}

function commitHint(stack: string): string {
  return `Pulumi.${stack}.yaml has changed: commit it, or a deployment from elsewhere undoes this.`;
}
