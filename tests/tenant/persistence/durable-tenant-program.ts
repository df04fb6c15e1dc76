import { watchOwner } from "../../../lib/watch-owner.ts";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import { createTenant } from "../../../tenant/create-tenant.ts";

/** Keeps a tenant in the folder of the first argument, with the certificates in that of the second, until it is killed. */
async function main(dataDir = "", certificatesDir = ""): Promise<void> {
  watchOwner({ onGone: () => process.exit(1) });
  const certificates = await ensureCertificates(certificatesDir);
  const { domain, clientId, clientSecret } = await createTenant({
    port: 0,
    dataDir,
    certificates,
    sandboxSize: 1,
  });
  process.stdout.write(`${JSON.stringify({ domain, clientId, clientSecret })}\n`);
}

void main(process.argv[2], process.argv[3]);
