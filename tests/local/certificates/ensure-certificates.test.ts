import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import {
  createKeyPair,
  keyPairFromPem,
  privateKeyPem,
  signingAlgorithm,
} from "../../../local/certificates/issue-certificates.ts";
import { x509 } from "../../../local/certificates/x509.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("ensureCertificates", () => {
  const folder = temporaryFolder();
  let dir: string;
  const file = (name: string): string => join(dir, name);
  const read = (name: string): Promise<string> => readFile(file(name), "utf8");

  beforeEach(() => {
    dir = folder();
  });

  for (const name of ["ca.pem", "ca-key.pem", "cert.pem", "key.pem"]) {
    it(`makes a working set again after ${name} was cut off`, async () => {
      await ensureCertificates(dir);
      await truncate(file(name), 60);
      await ensureCertificates(dir);
      assert.equal(await handshake(dir, "localhost"), "authorized");
    });
  }

  it("makes a new server certificate when the key is another one's", async () => {
    await ensureCertificates(dir);
    await writeFile(file("key.pem"), await privateKeyPem(await createKeyPair()));
    await ensureCertificates(dir);
    assert.equal(await handshake(dir, "localhost"), "authorized");
  });

  it("renews a server certificate that is close to its end and keeps the authority", async () => {
    await ensureCertificates(dir);
    const authority = await read("ca.pem");
    await replaceLeaf(dir, "localhost", 29);
    const old = await read("cert.pem");
    await ensureCertificates(dir);
    const renewed = new X509Certificate(await read("cert.pem"));
    assert.notEqual(renewed.toString(), old);
    assert.ok(Date.parse(renewed.validTo) - Date.now() > 300 * 24 * 60 * 60 * 1000);
    assert.equal(await read("ca.pem"), authority);
  });

  it("makes a set that serves localhost, 127.0.0.1 and ::1 to whoever trusts its authority", async () => {
    const files = await ensureCertificates(dir);
    assert.deepEqual(files, { caFile: file("ca.pem"), certFile: file("cert.pem"), keyFile: file("key.pem") });
    for (const name of ["localhost", "127.0.0.1"]) assert.equal(await handshake(dir, name), "authorized");
    assert.match(new X509Certificate(await read("cert.pem")).subjectAltName ?? "", /0:0:0:0:0:0:0:1/);
  });

  it("limits the authority to this machine: it cannot vouch for another site", async () => {
    await ensureCertificates(dir);
    await replaceLeaf(dir, "example.com", 300);
    assert.match(await handshake(dir, "example.com"), /PERMITTED_VIOLATION|permitted subtree violation/i);
  });

  it("keeps the keys from other users of the machine", async () => {
    await ensureCertificates(dir);
    for (const name of ["ca-key.pem", "key.pem"]) assert.equal((await stat(file(name))).mode & 0o777, 0o600);
  });

  it("finds the same files at the next call", async () => {
    await ensureCertificates(dir);
    const names = ["ca.pem", "ca-key.pem", "cert.pem", "key.pem"];
    const before = await Promise.all(names.map(read));
    await ensureCertificates(dir);
    assert.deepEqual(await Promise.all(names.map(read)), before);
  });
});

/** Puts a server certificate of the folder's authority for another name or time in the place of the made one. */
async function replaceLeaf(dir: string, name: string, days: number): Promise<void> {
  const authority = new x509.X509Certificate(await readFile(join(dir, "ca.pem"), "utf8"));
  const authorityKeys = await keyPairFromPem(await readFile(join(dir, "ca-key.pem"), "utf8"));
  const keys = await createKeyPair();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: authority.subjectName,
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + days * 24 * 60 * 60 * 1000),
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  await writeFile(join(dir, "cert.pem"), certificate.toString("pem"));
  await writeFile(join(dir, "key.pem"), await privateKeyPem(keys));
}

/** `authorized`, or why a client that trusts the folder's authority refuses its server certificate for `host`. */
async function handshake(dir: string, host: string): Promise<string> {
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(dir, name), "utf8")),
  );
  const server = createServer({ cert: cert!, key: key! });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const isName = !/^\d/.test(host);
  try {
    return await new Promise<string>((resolve) => {
      const options = { port, host: "127.0.0.1", ca: ca!, ...(isName ? { servername: host } : {}) };
      const socket = connect(options, () => {
        socket.end();
        resolve("authorized");
      });
      socket.on("error", (error: NodeJS.ErrnoException) => {
        resolve(`${error.code ?? ""} ${error.message}`);
      });
    });
  } finally {
    server.close();
  }
}
