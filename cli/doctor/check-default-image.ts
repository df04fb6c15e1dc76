import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Stack } from "../../infra/read-stack.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped, type Finding } from "./finding.ts";

const timeoutMs = 15_000;

/** Everybody can get the default image, and it is the one of the project. */
export const checkDefaultImage: Check = {
  name: "default-image",
  run: async (_surroundings, { config }) => {
    if (config === undefined) return skipped("The configuration does not say where it is");
    const { defaultUrl } = config.settings;
    const served = await get(defaultUrl);
    if (typeof served === "string") {
      return problem(
        `${defaultUrl} does not answer (${served})`,
        "check imageBaseUrl, its DNS record and the network",
      );
    }
    return servedFinding(config, served);
  },
};

interface Served {
  readonly status: number;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly content: Buffer;
}

function servedFinding({ image, settings }: Stack, served: Served): Finding {
  const { defaultUrl } = settings;
  if (served.status !== 200) {
    const remedy = "run pulumi up --refresh, which puts the image and its bucket's policy there";
    return problem(`${defaultUrl} answers ${served.status} to everybody`, remedy);
  }
  const wrong = [
    ...(sameContent(image.file, served.content) ? [] : ["its bytes are not those of the project's file"]),
    ...(served.contentType === image.contentType
      ? []
      : [`its type is ${served.contentType || "missing"}, not ${image.contentType}`]),
    ...(/\bmax-age=\d{6,}/.test(served.cacheControl) && served.cacheControl.includes("immutable")
      ? []
      : [`its Cache-Control is ${served.cacheControl || "missing"}, which makes browsers fetch it again`]),
  ];
  if (wrong.length === 0) return ok(defaultUrl);
  return problem(`${defaultUrl} is served wrongly: ${wrong.join("; ")}`, "run pulumi up --refresh");
}

function sameContent(file: string, content: Buffer): boolean {
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  return hash(readFileSync(file)) === hash(content);
}

/** As a browser gets it, without credentials; a text says why there is no answer. */
async function get(url: string): Promise<Served | string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return {
      status: answer.status,
      contentType: answer.headers.get("content-type") ?? "",
      cacheControl: answer.headers.get("cache-control") ?? "",
      content: Buffer.from(await answer.arrayBuffer()),
    };
  } catch (error) {
    const { code } = Object((error as { cause?: unknown }).cause) as { code?: unknown };
    return typeof code === "string" ? code : `no answer within ${timeoutMs / 1000} s`;
  }
}
