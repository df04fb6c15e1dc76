import type { People } from "../../../cli/people/people.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { setupTenant, type TestTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";
import { peopleOf } from "./people-of.ts";

export { settings } from "./people-of.ts";

export interface TenantPeople extends Pick<TestTenant, "tenant" | "api" | "application" | "certificates"> {
  /** With a token of these scopes; the journal is in the test's own folder. */
  readonly people: (...scopes: string[]) => Promise<People>;
  readonly stateHome: string;
}

/** A tenant for each test, and people of it as the commands have them. */
export function peopleOfTenant(): () => TenantPeople {
  const setup = setupTenant();
  const folder = temporaryFolder();
  trustForEachTest(() => setup().certificates.caFile);
  return () => {
    const { tenant, api, application, certificates, tokenWith } = setup();
    const env = { XDG_STATE_HOME: folder() };
    const people = async (...scopes: string[]): Promise<People> => {
      const token = await tokenWith(...scopes);
      return { ...(await peopleOf(tenant.domain, token, env)), now: () => new Date("2026-11-21T12:00:00Z") };
    };
    return { tenant, api, application, certificates, people, stateHome: folder() };
  };
}

/** Scopes of capability `change`. */
export const changeScopes = ["read:users", "update:users"];
