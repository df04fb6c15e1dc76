import { ExpectedError } from "../expected-error.ts";

/** Auth0 refuses Actions of more than 100 kB; read in the narrower way, in bytes of UTF-8. */
const codeLimit = 100_000;

/** @throws ExpectedError `action-too-large` where Auth0 would refuse the Action for its size. */
export function refuseTooLarge(action: string, code: string): void {
  const bytes = Buffer.byteLength(code);
  if (bytes <= codeLimit) return;
  const message = `Action ${action} is ${bytes} bytes; Auth0 takes at most ${codeLimit}. Shorten allowedHosts.`;
  throw new ExpectedError("action-too-large", message);
}
