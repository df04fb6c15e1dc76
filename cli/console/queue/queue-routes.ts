import type { FastifyInstance, FastifyReply } from "fastify";
import type { ManagementAccess } from "../../../auth0/management-token.ts";
import type { User } from "../../../auth0/user.ts";
import { describeFailure, ExpectedError } from "../../../lib/errors.ts";
import { standardError } from "../../../lib/terminal-output.ts";
import { terminalBlock } from "../../../lib/terminal-text.ts";
import { ownPicture } from "../../people/review-state.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consoleErrorPage } from "../console-page.ts";
import type { ConsoleRoutes } from "../console-server.ts";
import { sendPage, waitingPath } from "../guard.ts";
import { createDecisions, type Judgement } from "../decisions/decide.ts";
import { failureOf, type Decided, type Failure } from "../decisions/decided.ts";
import { allowedDecisions } from "./allowed-decisions.ts";
import { createResults, type Results } from "./decision-results.ts";
import { decidedWords, judgementWords } from "./decision-words.ts";
import { findingSource, type FindingSource } from "./find-own-pictures.ts";
import { queuePage } from "./queue-page.ts";
import { pictureToJudge } from "./queued-user.ts";
import { longestReason, reviewCard, type CardContext, type CardNote } from "./review-card.ts";
import { createReviewDesk, type JudgeRequest, type ReviewDesk } from "./review-desk.ts";
import { openReviewQueue } from "./review-queue.ts";

/** How many cards are on a page, and how many come at once behind them. */
const cardsOfPage = 24;

/** How long a page waits for users who are still looked for, in milliseconds. */
const patienceMs = 800;

/** How long a page waits for what becomes of its decisions before it asks again, in milliseconds. */
const resultPatienceMs = 20_000;

/** The queue of pictures to judge, and the decisions about them. */
export const queueRoutes: ConsoleRoutes = (app, context) => {
  const queue = openReviewQueue(currentSource(context));
  const { people, changes, discourse, base } = context;
  const desk = createReviewDesk({ people, changes, queue, decisions: createDecisions(), discourse });
  const results = createResults<DecisionAnswer>();
  app.addHook("onClose", () => {
    queue.stop();
  });

  app.get<{ Querystring: { from?: string } }>("/", async ({ query }, reply) => {
    const cards = await cardContext(context);
    const found = await openUsers(desk, placeIn(query.from));
    const page = queuePage({
      context,
      cards,
      status: queue.status(),
      desk,
      results: results.last(),
      ...found,
    });
    prefetchNext(context, desk, found.next);
    // Nobody was found in the time there was: the page looks again by itself.
    const isLooking = found.users.length === 0 && !found.isEnd && found.failure === undefined;
    return sendPage(isLooking ? reply.header("refresh", "1") : reply, page);
  });

  app.get<{ Querystring: { from?: string } }>("/cards", async ({ query }, reply) => {
    const cards = await cardContext(context);
    const { users, next, isEnd, failure } = await openUsers(desk, placeIn(query.from));
    prefetchNext(context, desk, next);
    if (failure !== undefined) return reply.code(502).send(failure);
    return reply.send({
      cards: users.map((user) => reviewCard(user, cards).html),
      next: isEnd ? null : next,
    });
  });

  addDecisionRoutes(app, context, desk, results);
  app.post("/look-again", (_request, reply) => {
    queue.restart();
    return reply.redirect(`${base}/`, 303);
  });
};

function addDecisionRoutes(
  app: FastifyInstance,
  context: ConsoleContext,
  desk: ReviewDesk,
  results: Results<DecisionAnswer>,
): void {
  const { base } = context;
  app.post("/decisions", async ({ body, headers }, reply) => {
    const asked = decisionIn(context, body);
    if (asked === undefined) return refuseForm(context, reply);
    if (!wantsJson(headers.accept)) {
      await desk.judge(asked);
      return reply.redirect(`${base}/`, 303);
    }
    void judged(context, desk, asked).then((answer) => {
      results.add(asked.id, answer);
    });
    return reply.code(202).send({});
  });

  app.get<{ Querystring: { after?: string } }>(waitingPath, async ({ query }, reply) =>
    reply.send(await results.after(placeIn(query.after), resultPatienceMs)),
  );

  app.post("/undo", async ({ headers }, reply) => {
    const undone = await desk.undo();
    if (!wantsJson(headers.accept)) {
      if (undone.outcome === "done") return reply.redirect(`${base}/`, 303);
      const message = decidedWords("Undo", undone);
      return sendPage(reply, consoleErrorPage(context, message), 409);
    }
    return reply.send(await answerTo(context, "Undo", undone));
  });
}

/** Does not reject: a page waits for the answer. */
async function judged(
  context: ConsoleContext,
  desk: ReviewDesk,
  asked: AskedDecision,
): Promise<DecisionAnswer> {
  const wanted = judgementWords(asked.judgement);
  try {
    return await answerTo(context, wanted, await desk.judge(asked));
  } catch (error) {
    standardError.print(terminalBlock(describeFailure(error)));
    const words = `${wanted}. Whether it was done is not known: this is a bug in pictures console. Look at the person.`;
    return { outcome: "refused", words, key: null, card: null };
  }
}

/** A token may end while the console runs. */
function currentSource({ people }: ConsoleContext): FindingSource {
  let source: { readonly access: ManagementAccess; readonly of: FindingSource } | undefined;
  const current = async (): Promise<FindingSource> => {
    const { access } = await people();
    if (source?.access !== access) source = { access, of: findingSource(access) };
    return source.of;
  };
  return {
    searchPage: async (request) => (await current()).searchPage(request),
    exportUsers: async function* (onShare) {
      yield* (await current()).exportUsers(onShare);
    },
    now: () => Date.now(),
  };
}

async function cardContext({ people, base, users, pictureAddress }: ConsoleContext): Promise<CardContext> {
  const current = await people();
  return { base, users, pictureAddress, settings: current.settings, allowed: allowedDecisions(current) };
}

interface OpenUsers {
  readonly users: readonly User[];
  /** The place behind the last one that was looked at. */
  readonly next: number;
  readonly isEnd: boolean;
  readonly failure: Failure | undefined;
}

/** Those from a place on whom nobody has judged yet: whoever was judged keeps the place in the queue. */
async function openUsers(desk: ReviewDesk, from: number): Promise<OpenUsers> {
  const users: User[] = [];
  const deadline = performance.now() + patienceMs;
  let next = from;
  try {
    for (;;) {
      const count = cardsOfPage - users.length;
      const found = await desk.take(next, count, Math.max(deadline - performance.now(), 0));
      next += found.users.length;
      users.push(...found.users.filter(desk.isOpen));
      const isShort = found.users.length < count;
      if (found.isEnd || isShort || users.length >= cardsOfPage) {
        return { users, next, isEnd: found.isEnd, failure: undefined };
      }
    }
  } catch (error) {
    return { users, next, isEnd: false, failure: failureOf(error) };
  }
}

/** The pictures of the page that comes next, as far as it is known. */
function prefetchNext({ pictures }: ConsoleContext, desk: ReviewDesk, next: number): void {
  desk.take(next, cardsOfPage, 0).then(
    ({ users }) => {
      pictures.prefetch(users.filter(desk.isOpen).flatMap((user) => ownPicture(user) ?? []));
    },
    (error: unknown) => {
      // Told to whoever asks for that page.
      if (!(error instanceof ExpectedError)) standardError.print(terminalBlock(describeFailure(error)));
    },
  );
}

function placeIn(text: string | undefined): number {
  const place = Number(text ?? 0);
  return Number.isSafeInteger(place) && place > 0 ? place : 0;
}

interface AskedDecision extends JudgeRequest {
  /** How the page's script names it. */
  readonly id: string;
}

/** Undefined where the form is not one of the page's. */
function decisionIn({ users }: ConsoleContext, body: unknown): AskedDecision | undefined {
  const { key, seen, decision, reason, id } = Object(body) as Record<string, unknown>;
  const userId = typeof key === "string" ? users.textOf(key) : undefined;
  const judgement = judgementIn(decision, reason);
  if (userId === undefined || typeof seen !== "string" || judgement === undefined) return undefined;
  return { userId, seen, judgement, id: typeof id === "string" ? id : "" };
}

function judgementIn(decision: unknown, reason: unknown): Judgement | undefined {
  if (decision === "fine" || decision === "clear") return { kind: decision };
  if (decision !== "block" || typeof reason !== "string") return undefined;
  const text = reason.trim();
  return text === "" || text.length > longestReason ? undefined : { kind: "block", reason: text };
}

function refuseForm(context: ConsoleContext, reply: FastifyReply): FastifyReply {
  const message =
    "This is no decision about a picture of the page, or the reason is lacking. Nothing was done. Load the page again.";
  return sendPage(reply, consoleErrorPage(context, message, "decision-invalid"), 400);
}

function wantsJson(accept: string | undefined): boolean {
  return accept?.includes("application/json") === true;
}

/** Somebody else may have decided already. */
function changedKind(user: User): CardNote["kind"] {
  return pictureToJudge(user) === undefined ? "settled" : "changed";
}

/** What the script shows: the words, and the card as it is now where that is to be judged. */
interface DecisionAnswer {
  readonly outcome: Decided["outcome"];
  readonly words: string;
  readonly key: string | null;
  readonly card: string | null;
}

async function answerTo(context: ConsoleContext, wanted: string, decided: Decided): Promise<DecisionAnswer> {
  const words = decidedWords(wanted, decided);
  const userId = "user" in decided ? decided.user.user_id : decided.userId;
  const key = userId === undefined ? null : context.users.of(userId);
  const isOpen = decided.outcome === "changed" || (decided.outcome === "done" && wanted === "Undo");
  if (!isOpen) return { outcome: decided.outcome, words, key, card: null };
  const kind = decided.outcome === "changed" ? changedKind(decided.user) : "undone";
  const card = reviewCard(decided.user, await cardContext(context), { kind, words });
  return { outcome: decided.outcome, words, key, card: card.html };
}
