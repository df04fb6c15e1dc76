import type { ManagementClient } from "./management-client.ts";
import type { FormRequest, PageContext } from "./page-context.ts";
import { sameOriginOnly, sendError } from "./page-context.ts";
import { PageError } from "./page-error.ts";
import { userChange } from "./user-change.ts";
import { cardId } from "./user-card.ts";

const statuses = { "unknown-change": 400, "management-api": 502 } as const;

/** POST /local/change: a button of a user's card. */
export function addChangeRoute(context: PageContext, management: ManagementClient): void {
  context.tenant.app.post<FormRequest>(
    "/local/change",
    { preHandler: sameOriginOnly(context) },
    async ({ body }, reply) => {
      const { user: userId = "", change, picture } = body ?? {};
      try {
        await management.changeUser(userId, userChange(change, picture));
      } catch (error) {
        if (error instanceof PageError) return sendError(reply, context, statuses[error.code], error.message);
        throw error;
      }
      return reply.redirect(`/#${cardId(userId)}`, 303);
    },
  );
}
