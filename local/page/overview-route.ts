import type { ManagementClient } from "./management-client.ts";
import { overviewPage } from "./overview-page.ts";
import type { PageContext } from "./page-context.ts";
import { sendError } from "./page-context.ts";
import { PageError } from "./page-error.ts";
import { sendPage } from "./page-shell.ts";
import type { PageOptions } from "./register-page.ts";

/** GET /: everything there is to see. */
export function addOverviewRoute(
  context: PageContext,
  management: ManagementClient,
  { settings, samplePicture, flows }: PageOptions,
): void {
  const { tenant, logins, pictureOrigin } = context;
  tenant.app.get("/", async (_request, reply) => {
    try {
      const html = overviewPage({
        domain: tenant.domain,
        users: tenant.users.list(),
        actions: await management.boundActions(),
        flows: flows.latest(),
        logins,
        source: { origin: pictureOrigin, settings: settings() },
        samplePicture,
      });
      return await sendPage(reply, html, { status: 200, pictureOrigin });
    } catch (error) {
      if (error instanceof PageError) return sendError(reply, context, 502, error.message);
      throw error;
    }
  });
}
