import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAsset, type PropertyMap } from "../../grpc-provider/property-map.ts";
import { LocalError } from "../processes/local-error.ts";

/** The inputs of which at most one says what an object holds. */
export const contentInputs = ["source", "content", "contentBase64"] as const;

/** The bytes that the inputs say; none without any of them, as with the real provider. */
export async function objectContent({ source, content, contentBase64 }: PropertyMap): Promise<Buffer> {
  if (isAsset(source)) return source.text === undefined ? readSource(source.path) : Buffer.from(source.text);
  if (typeof content === "string") return Buffer.from(content);
  return typeof contentBase64 === "string" ? Buffer.from(contentBase64, "base64") : Buffer.alloc(0);
}

/** Those of the content inputs that say these very bytes, given as hex SHA-256. */
export function contentInputsFor(hash: string, { source, content, contentBase64 }: PropertyMap): PropertyMap {
  return {
    source: isAsset(source) && source.hash === hash ? source : undefined,
    content: typeof content === "string" && sha256(Buffer.from(content)) === hash ? content : undefined,
    contentBase64:
      typeof contentBase64 === "string" && sha256(Buffer.from(contentBase64, "base64")) === hash
        ? contentBase64
        : undefined,
  };
}

/** Hex, as the engine writes an asset's hash. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function readSource(path: string | undefined): Promise<Buffer> {
  try {
    return await readFile(path ?? "");
  } catch (cause) {
    throw new LocalError(
      "aws-source-unreadable",
      `The object's source ${path ?? "(a remote asset)"} cannot be read. Use a FileAsset or a StringAsset that is there at deployment.`,
      { cause },
    );
  }
}
