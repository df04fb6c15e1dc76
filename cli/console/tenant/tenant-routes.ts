import type { FastifyReply } from "fastify";
import type { ConsoleContext } from "../console-context.ts";
import { consoleErrorPage } from "../console-page.ts";
import type { ConsoleRoutes } from "../console-server.ts";
import { sendPage } from "../guard.ts";
import { createAuditRun, findingName } from "./audit-run.ts";
import { findingPage, reasonPage, tenantPage } from "./tenant-page.ts";

/** Seconds after which the page of an audit that is under way is loaded again. */
const refreshAfter = 2;

/** The tenant at a glance. An audit that is under way ends with the console. */
export const tenantRoutes: ConsoleRoutes = (app, context) => {
  const audit = createAuditRun();
  app.addHook("onClose", () => {
    audit.stop();
  });
  app.get("/tenant", (_request, reply) => {
    const state = audit.state();
    if (state.kind === "running") void reply.header("refresh", String(refreshAfter));
    return sendPage(reply, tenantPage(context, state, audit.last()));
  });
  app.post("/tenant", async (_request, reply) => {
    audit.start(await context.people());
    return reply.redirect(`${context.base}/tenant`, 303);
  });
  app.get<{ Params: { name: string } }>("/tenant/finding/:name", ({ params: { name } }, reply) => {
    const last = audit.last();
    const group = last?.report.findings.find(({ finding, cause }) => findingName(finding, cause) === name);
    const people = last?.people.get(name);
    if (group === undefined || people === undefined) return sendUnknown(reply, context);
    return sendPage(reply, findingPage(context, group, people));
  });
  app.get<{ Params: { reason: string } }>("/tenant/reason/:reason", ({ params }, reply) => {
    const group = audit.last()?.report.reasons.find(({ reason }) => reason === params.reason);
    return group === undefined ? sendUnknown(reply, context) : sendPage(reply, reasonPage(context, group));
  });
};

function sendUnknown(reply: FastifyReply, context: ConsoleContext): FastifyReply {
  return sendPage(
    reply,
    consoleErrorPage(context, "The last look at the tenant found nobody like this."),
    404,
  );
}
