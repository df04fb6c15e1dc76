import type { FastifyReply, FastifyRequest } from "fastify";
import { isSameOrigin } from "../../lib/same-origin.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";
import type { LoginLog } from "./login-log.ts";
import { errorPage, sendPage } from "./page-shell.ts";

/** What every route of the page needs. */
export interface PageContext {
  readonly tenant: Tenant;
  readonly logins: LoginLog;
  readonly pictureOrigin: string;
}

/** The fields of a form, each once. */
export interface FormRequest {
  readonly Body: Readonly<Record<string, string | undefined>> | null;
}

export function sendError(
  reply: FastifyReply,
  { pictureOrigin }: PageContext,
  status: number,
  message: string,
): FastifyReply {
  return sendPage(reply, errorPage(message, pictureOrigin), status);
}

/** A hook before the routes that change something: 403 for a form that another site sent. */
export function sameOriginOnly(context: PageContext) {
  const { origin } = new URL(context.tenant.issuer);
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (isSameOrigin(headers, origin)) return;
    await sendError(
      reply,
      context,
      403,
      `This form was not sent by the page at ${origin}. Open that page and use its form.`,
    );
  };
}
