import type { User } from "../../../auth0/user.ts";
import type { HtmlPage } from "../../../lib/html.ts";
import { recordOf, textIn, type JsonRecord } from "../../../lib/json.ts";
import { prepareUserImage } from "../../image/prepare-user-image.ts";
import type { People } from "../../people/people.ts";
import type { NamedBytes } from "../../people/set-plans.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consoleErrorPage } from "../console-page.ts";
import type { ConsoleRoutes } from "../console-server.ts";
import { sendPage } from "../guard.ts";
import { failureOf, type Decided, type Failure } from "../decisions/decided.ts";
import {
  allowedCommands,
  carryOutCommand,
  foretellCommand,
  type CommandInput,
  type PersonCommand,
} from "../decisions/person-commands.ts";
import { pictureOrWords } from "../failed-picture.ts";
import { createShelf, type Shelf } from "../shelf.ts";
import { decidedPage, foretoldPage, refusedPage, type Asked } from "./command-page.ts";
import { personAt, type PersonAt } from "./person-at.ts";

/** Files that wait for an answer: a few, since each may have 20 MB, and for minutes, since they are of people. */
const heldFiles = { most: 3, ms: 10 * 60_000 };

/** Results whose pages can be loaded again. */
const keptResults = { most: 30, ms: 60 * 60_000 };

interface Result {
  readonly asked: Asked;
  readonly user: User;
  readonly decided: Decided;
}

interface CommandPath {
  readonly Params: { readonly key: string; readonly command: string };
}

/** The commands about a person: the first POST says what will be done, the second one, with the answer, does it. */
export const commandRoutes: ConsoleRoutes = (app, context) => {
  const files = createShelf<NamedBytes>(heldFiles);
  const results = createShelf<Result>(keptResults);
  app.post<CommandPath>("/person/:key/:command", async ({ params, body }, reply) => {
    const { key } = params;
    const at = await personAt(context, key, reply);
    if (at === undefined) return reply;
    const { command, why } = commandNamed(at.people, params.command);
    if (command === undefined) {
      const [message, code] = why === undefined ? ["There is no such command."] : [why, "scope-missing"];
      return sendPage(reply, consoleErrorPage(context, message, code), why === undefined ? 404 : 403);
    }
    const { input, fields, isForgotten } = readInput(command, recordOf(body), files);
    const asked = { command, key, fields };
    const { answer, seen } = recordOf(body);
    if (answer !== "yes" || typeof seen !== "string") {
      return sendPage(reply, await foretoldOrRefused(context, at, asked, input));
    }
    if (isForgotten) return sendPage(reply, refusedPage(context, asked, at.user, fileForgotten));
    const decided = await context.changes.add(
      carryOutCommand(at.people, at.user.user_id, command.name, input, seen),
    );
    // Nothing was done: what is there now is shown, and asked about.
    if (decided.outcome === "changed") {
      return sendPage(reply, await foretoldOrRefused(context, at, asked, input, decided));
    }
    files.drop(fields["held"] ?? "");
    const user = "user" in decided ? decided.user : at.user;
    const result = results.put({ asked, user, decided });
    return reply.redirect(`${context.base}/person/${key}/result/${result}`, 303);
  });
  app.get<{ Params: { held: string } }>("/person/file/:held", async ({ params }, reply) => {
    const file = files.get(params.held);
    const picture =
      file === undefined ? { failed: fileForgotten.message } : await prepareUserImage(file.bytes);
    const { bytes, contentType } = pictureOrWords(picture);
    return reply.type(contentType).send(bytes);
  });
  app.get<{ Params: { key: string; result: string } }>(
    "/person/:key/result/:result",
    ({ params: { key, result } }, reply) => {
      const found = results.get(result);
      // The person's page has what it led to.
      if (found === undefined) return reply.redirect(`${context.base}/person/${key}`, 303);
      return sendPage(reply, decidedPage(context, found.asked, found.user, found.decided));
    },
  );
};

/** The command where the client may carry it out, or why it may not; neither where there is none of that name. */
function commandNamed(
  people: People,
  wanted: string,
): { readonly command?: PersonCommand | undefined; readonly why?: string | undefined } {
  const { allowed, disallowed } = allowedCommands(people);
  const command = allowed.find(({ name }) => name === wanted);
  return { command, why: disallowed.find((each) => each.command.name === wanted)?.why };
}

async function foretoldOrRefused(
  context: ConsoleContext,
  { people, user }: PersonAt,
  asked: Asked,
  input: CommandInput,
  changed?: Failure,
): Promise<HtmlPage> {
  try {
    const foretelling = await foretellCommand(people, user.user_id, asked.command.name, input);
    return foretoldPage(context, asked, foretelling, changed);
  } catch (error) {
    return refusedPage(context, asked, user, failureOf(error));
  }
}

interface ReadInput {
  readonly input: CommandInput;
  /** For the form with the answer. A file stays here, under its key. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether the file that the answer is about is not there any more. */
  readonly isForgotten: boolean;
}

const fileForgotten: Failure = {
  code: "file-forgotten",
  message:
    "The console keeps a file for ten minutes, and a few at a time: it has this one no more. Choose it again.",
};

function readInput({ fields }: PersonCommand, body: JsonRecord, files: Shelf<NamedBytes>): ReadInput {
  const input: Record<string, string | NamedBytes> = {};
  const again: Record<string, string> = {};
  let isForgotten = false;
  for (const { name, kind } of fields) {
    const value = body[name];
    if (kind !== "file" && typeof value === "string") [input[name], again[name]] = [value, value];
    if (kind !== "file") continue;
    const key = Buffer.isBuffer(value) ? heldKey(value, files) : textIn(body, "held");
    const file = files.get(key);
    isForgotten = file === undefined;
    if (file !== undefined) [input[name], again["held"]] = [file, key];
  }
  return { input, fields: again, isForgotten };
}

/** A form without a file sends an empty one. */
function heldKey(bytes: Buffer, files: Shelf<NamedBytes>): string {
  return bytes.length === 0 ? "" : files.put({ name: "that was sent", bytes });
}
