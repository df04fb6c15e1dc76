import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import {
  hostAnswerOf,
  probeLimits,
  probeWithNetwork,
  type ProbeLimits,
  type ProbedPicture,
} from "../image/probe-picture-url.ts";
import type { ProbeNetwork } from "../image/public-network.ts";
import type { CopyPlan } from "./copy-plan.ts";
import type { HostManners } from "./host-manners.ts";

/** What a source gave. */
export type FetchedSource =
  | { readonly kind: "picture"; readonly content: Buffer; readonly source: string }
  | { readonly kind: "unchanged" }
  /** A user without a Gravatar. */
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly code: string };

/** A provider's picture is small; some of them are in memory at a time. */
const sourceLimits: ProbeLimits = {
  ...probeLimits,
  timeoutMs: 10_000,
  maxBytes: 5_000_000,
  keepsContent: true,
};

/**
 * Fetches a root picture as `pictures set URL` does, from public addresses only. Where the copy's source is known and the host still
 * has the same, no body is sent.
 *
 * @param known The noted source of the copy that is there: an ETag, or `sha256:…`.
 * @throws what is neither the host's fault nor the picture's.
 */
export async function fetchSource(
  { url, host, gravatar }: Extract<CopyPlan, { readonly kind: "fetch" }>,
  known: string | undefined,
  { network, manners }: { readonly network: ProbeNetwork; readonly manners: HostManners },
): Promise<FetchedSource> {
  const ifNoneMatch = known !== undefined && etagPattern.test(known) ? known : undefined;
  try {
    const found = await manners.ask(host, () =>
      probeWithNetwork(url, network, { ...sourceLimits, ifNoneMatch }),
    );
    const content = found.content ?? Buffer.alloc(0);
    const isSame = known === hashSource(content);
    return isSame ? { kind: "unchanged" } : { kind: "picture", content, source: sourceOf(found, content) };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { status } = hostAnswerOf(error);
    if (status === 304 && ifNoneMatch !== undefined) return { kind: "unchanged" };
    if (status === 404 && gravatar) return { kind: "none" };
    return { kind: "failed", code: status === undefined ? error.code : `http-${status}` };
  }
}

/** How a source is noted whose host gave no ETag. */
export function hashSource(content: Buffer): string {
  return `sha256:${sha256(content)}`;
}

/** RFC 9110, 8.8.3, and no longer than is worth keeping in a user's profile. */
const etagPattern = /^(W\/)?"[\x21\x23-\x7e]{1,200}"$/;

function sourceOf({ etag }: Pick<ProbedPicture, "etag">, content: Buffer): string {
  return etag !== undefined && etagPattern.test(etag) ? etag : hashSource(content);
}
