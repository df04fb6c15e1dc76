import { join } from "node:path";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import type { S3Options } from "../../../local/s3/start-s3.ts";
import { toolchainPaths } from "../../../local/toolchain/ensure-toolchain.ts";

/** What startS3 needs, with everything below a test's folder. */
export async function s3Options(folder: string): Promise<S3Options> {
  return {
    versitygw: toolchainPaths().versitygw,
    dataDir: join(folder, "s3"),
    port: 0,
    certificates: await ensureCertificates(join(folder, "certificates")),
  };
}
