import { sha256 } from "../../lib/hash.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import type { FlowSettings, FlowSetup } from "./comparison.ts";

/** Where a flow's code is from. */
export type FlowOrigin =
  | { readonly from: "deployed"; readonly tenant: string }
  | { readonly from: "commit"; readonly commit: string; readonly stack: string }
  | { readonly from: "program"; readonly stack: string };

export interface FlowAction {
  readonly name: string;
  readonly code: string;
}

/** Our Actions of a Login flow, in its order. */
export interface ImpactFlow {
  readonly origin: FlowOrigin;
  readonly actions: readonly FlowAction[];
  /** Whether some of the code was fetched from a tenant: what is deployed, or a pin. */
  readonly isFromTenant: boolean;
}

/** A flow as a report names it: by the hashes of its code. */
export interface FlowSummary {
  readonly origin: FlowOrigin;
  readonly actions: readonly { readonly name: string; readonly sha256: string }[];
}

export function flowSummary({ origin, actions }: ImpactFlow): FlowSummary {
  return { origin, actions: actions.map(({ name, code }) => ({ name, sha256: sha256(code) })) };
}

export function flowSetup({ actions }: ImpactFlow): FlowSetup {
  const settings: { -readonly [Key in keyof FlowSettings]: FlowSettings[Key] } = {};
  for (const { name, code } of actions) {
    const found = readBundleHeader(code)?.settings ?? null;
    if (name === "user-picture") settings.own = found;
    else settings.root = found;
  }
  return { actions: actions.map(({ name, code }) => ({ name, code })), settings };
}

/** For people: "the Actions deployed in acme-dev.eu.auth0.com". */
export function originWords(origin: FlowOrigin): string {
  switch (origin.from) {
    case "deployed":
      return `the Actions deployed in ${origin.tenant}`;
    case "commit":
      return `commit ${origin.commit.slice(0, 12)} with the settings of stack ${origin.stack}`;
    case "program":
      return `this checkout with the settings of stack ${origin.stack}`;
  }
}
