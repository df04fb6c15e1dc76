import { envVar } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { encryptedKeys, stackFile } from "../../stack/stack-file.ts";
import { uploadKeysIn } from "../../stack/upload-folders.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import type { People } from "./people.ts";

const variable = "PICTURES_UPLOAD_KEY";

/**
 * The keys that name the folders of an application's uploads, never to be shown: `PICTURES_UPLOAD_KEY`, else the stack's config key
 * `uploadKey`; none where its file has no such key.
 *
 * @throws ExpectedError `upload-key-unavailable` where there is one and it cannot be had: what is deleted would not be all.
 */
export async function findUploadKeys(
  { stack, env }: Pick<People, "stack" | "env">,
  pulumi: RunPulumi = runPulumi,
): Promise<readonly string[]> {
  const named = envVar(env, variable);
  if (named !== undefined) {
    const keys = uploadKeysIn(named);
    if (keys !== undefined) return keys;
    throw unavailable(
      `${variable} is not a key, so nothing was changed: use what config key uploadKey holds.`,
    );
  }
  if (!encryptedKeys(stackFile(stack, env)).has(`${configNamespace}:uploadKey`)) return [];
  return uploadKeysIn(await configured(stack, pulumi)) ?? refuse(stack, "it is not a key");
}

async function configured(stack: string, pulumi: RunPulumi): Promise<string> {
  try {
    const { code, stdout, stderr } = await pulumi(["config", "get", "uploadKey", "--stack", stack]);
    return code === 0 ? stdout : refuse(stack, stderr.trim().replace(/^error: /, ""));
  } catch (cause) {
    if (!(cause instanceof ExpectedError)) throw cause;
    return refuse(stack, cause.message);
  }
}

/** What pulumi printed is not shown: it may hold the key. */
function refuse(stack: string, why: string): never {
  throw unavailable(
    `Config key uploadKey of stack ${stack} cannot be read, so nothing was changed: ${why.replace(/[.]$/, "")}. ` +
      `Log in to the stack's backend (pulumi login) with its passphrase or key, or set ${variable} to the key.`,
  );
}

function unavailable(message: string): ExpectedError {
  return new ExpectedError("upload-key-unavailable", message);
}
