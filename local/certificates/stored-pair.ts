import { X509Certificate, createPrivateKey } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";

/** A certificate and its private key as they lie in the folder, both PEM. */
export interface StoredPair {
  certificate: string;
  key: string;
}

export interface PairFiles {
  certificate: string;
  key: string;
}

/**
 * Reads a pair that still serves: both files whole, the key the certificate's own, and neither outside its validity
 * nor within `marginMs` of its end. Anything else is `undefined`, for the caller to make anew.
 */
export async function readUsablePair(files: PairFiles, marginMs: number): Promise<StoredPair | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(files.certificate, "utf8"),
      readFile(files.key, "utf8"),
    ]);
    const parsed = new X509Certificate(certificate);
    const usable =
      parsed.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(parsed.validFrom) <= Date.now() &&
      Date.parse(parsed.validTo) - marginMs > Date.now();
    return usable ? { certificate, key } : undefined;
  } catch {
    // Missing, cut off or not PEM: all the same to the caller.
    return undefined;
  }
}

/** Writes both files so that nobody ever reads half of one; the key with mode 0600. */
export async function writePair(files: PairFiles, pair: StoredPair): Promise<void> {
  await writeWhole(files.key, pair.key, 0o600);
  await writeWhole(files.certificate, pair.certificate, 0o644);
}

async function writeWhole(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode });
  // writeFile leaves the mode of a file that was there already, and the umask may have narrowed a new one.
  await chmod(temporary, mode);
  await rename(temporary, file);
}
