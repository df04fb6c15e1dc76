import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PictureSettings } from "../../policy/settings.ts";

/** One line of the policy's table: what a login with this event and these settings decides. */
export interface PolicyCase {
  readonly name: string;
  readonly settings: PictureSettings;
  readonly event: {
    readonly user: {
      readonly user_id?: unknown;
      readonly picture?: unknown;
      readonly user_metadata?: Record<string, unknown> | null;
      readonly app_metadata?: Record<string, unknown> | null;
    };
    readonly connection?: { readonly name: string; readonly strategy: string };
    readonly client?: { readonly metadata: Record<string, unknown> };
    readonly transaction?: { readonly requested_scopes: readonly string[] };
  };
  readonly picture: string | null;
  readonly reason: string;
  readonly claim: string | null;
}

export const policyCases = JSON.parse(
  readFileSync(join(__dirname, "picture-policy.json"), "utf8"),
) as readonly PolicyCase[];
