import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

export interface S3Answer {
  readonly status: number;
  readonly contentType: unknown;
  readonly cacheControl: unknown;
  /** Hex, of the body. */
  readonly sha256: string;
}

/** What anybody gets at the address, without credentials; a PUT is one of a few bytes. */
export async function getFromS3(
  url: string,
  caFile: string,
  method: "GET" | "PUT" = "GET",
): Promise<S3Answer> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      method,
      ...(method === "PUT" ? { body: "anything" } : {}),
    });
    const content = Buffer.from(await body.arrayBuffer());
    return {
      status: statusCode,
      contentType: headers["content-type"],
      cacheControl: headers["cache-control"],
      sha256: createHash("sha256").update(content).digest("hex"),
    };
  } finally {
    await dispatcher.close();
  }
}
