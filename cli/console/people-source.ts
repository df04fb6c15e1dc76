import { tokenClaims } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { openPeople, type People } from "../people/people.ts";

/** The tenant's people, with a token that is valid for some minutes more. @throws ExpectedError as `openPeople` does. */
export type PeopleSource = () => Promise<People>;

/** A token is replaced this long before it ends, in milliseconds. */
const before = 5 * 60_000;

/** A console runs for hours, and a token may end before it does. */
export function createPeopleSource(
  stack: string | undefined,
  env: Environment,
  open: typeof openPeople = openPeople,
): PeopleSource {
  let current: { readonly people: Promise<People>; until: number } | undefined;
  const renewed = (): Promise<People> => {
    const opened = { people: open(stack, env), until: Number.POSITIVE_INFINITY };
    current = opened;
    opened.people.then(
      async ({ access }) => {
        opened.until = (await endOf(access.accessToken)) - before;
      },
      () => {
        // The next request asks again.
        if (current === opened) current = undefined;
      },
    );
    return opened.people;
  };
  return () => (current !== undefined && Date.now() < current.until ? current.people : renewed());
}

/** Milliseconds since 1970; never for a token that does not say. */
async function endOf(accessToken: string): Promise<number> {
  const { exp } = await tokenClaims(accessToken);
  return typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
}
