import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

export interface S3Answer {
  readonly status: number;
  readonly contentType: unknown;
  readonly cacheControl: unknown;
}

/** What anybody gets at the address, without credentials. */
export async function getFromS3(url: string, caFile: string): Promise<S3Answer> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher });
    await body.dump();
    return {
      status: statusCode,
      contentType: headers["content-type"],
      cacheControl: headers["cache-control"],
    };
  } finally {
    await dispatcher.close();
  }
}
