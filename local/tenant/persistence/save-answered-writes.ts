import type { FastifyInstance } from "fastify";
import type { CoalescedSave } from "./coalesced-save.ts";

const readMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers a request that may have changed something only once the change is on the disk; where it cannot be written the
 * answer is 500. Reads and logins do not wait: what they change (a build's progress, a user's count) is written soon after.
 */
export function saveAnsweredWrites(app: FastifyInstance, data: CoalescedSave): void {
  app.addHook("onSend", async (request, reply) => {
    const isWrite = !readMethods.has(request.method) && !request.url.startsWith("/oauth/token");
    if (isWrite && reply.statusCode < 400) await data.save();
  });
  app.addHook("onResponse", (_request, _reply, done) => {
    data.saveSoon();
    done();
  });
}
