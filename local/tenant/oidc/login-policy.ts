import type { KoaContextWithOIDC, interactionPolicy as policyTypes } from "oidc-provider";
import type * as OidcProvider from "oidc-provider";
import type { Accounts } from "./accounts.ts";

/**
 * What stands between a request to /authorize and its code: the login page where nobody is logged in, no consent page
 * (the tenant's applications are first-party), and last the post-login flow, once for each login.
 */
export function loginPolicy(
  { interactionPolicy }: typeof OidcProvider,
  accounts: Accounts,
): policyTypes.DefaultPolicy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  policy.get("login")?.checks.add(
    new Check("no_account", "The user no longer exists", "login_required", ({ oidc }) => {
      const isGone = oidc.session?.accountId !== undefined && !oidc.account;
      return isGone ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  policy.remove("consent");
  // Known, so that it may be asked for, and never shown.
  const consent = new Prompt({ name: "consent", requestable: true });
  consent.checks.clear();
  policy.add(consent);
  policy.add(
    new Prompt(
      { name: "post-login" },
      new Check("actions", "The post-login flow", async (ctx) => {
        await finishLogin(ctx, accounts);
        return Check.NO_NEED_TO_PROMPT;
      }),
    ),
  );
  return policy;
}

async function finishLogin(ctx: KoaContextWithOIDC, accounts: Accounts): Promise<void> {
  const { Grant } = ctx.oidc.entities;
  if (!Grant) throw new Error("A login without a grant.");
  // Its id, by which the flow's claims are found again, is given at the first save.
  await accounts.logIn(ctx, Grant.jti);
}
