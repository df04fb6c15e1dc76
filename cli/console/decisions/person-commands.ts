import { UsageError } from "../../../lib/errors.ts";
import { openDiscourse } from "../../discourse/open-discourse.ts";
import { blocking, unblockPlan } from "../../people/block-plans.ts";
import { blockTask } from "../../people/block-user.ts";
import {
  changing,
  foretell,
  type ChangeNeeds,
  type Foretelling,
  type PictureTask,
} from "../../people/change-picture.ts";
import { forgetPlan } from "../../people/forget-plan.ts";
import { requireScope, type People } from "../../people/people.ts";
import { clearPlan, gravatarPlan, useOriginalPlan } from "../../people/plain-plans.ts";
import { reviewPlan } from "../../people/review-plan.ts";
import { setPlan, type NamedBytes } from "../../people/set-plans.ts";
import { setRootPlan } from "../../people/set-root-plan.ts";
import { undoTask } from "../../people/undo.ts";
import { carryOutTask, failureOf, type Decided } from "./decided.ts";

/** What a form of a command sent: texts, `on` of a box that is ticked, and a file. */
export type CommandInput = Readonly<Record<string, string | NamedBytes | undefined>>;

export interface CommandField {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "url" | "file" | "checkbox";
  readonly required: boolean;
}

/** A command of docs/people.md as a form. */
export interface PersonCommand {
  /** As on the command line. */
  readonly name: string;
  /** What stands on its button. */
  readonly title: string;
  /** What it does, in a sentence. */
  readonly about: string;
  readonly fields: readonly CommandField[];
  /** Whether the state before does not come back. */
  readonly isFinal: boolean;
}

interface Command extends PersonCommand {
  readonly needs: ChangeNeeds;
  /** @throws UsageError for a field that is lacking or wrong. */
  readonly task: (people: People, wanted: string, input: CommandInput) => PictureTask | Promise<PictureTask>;
}

const url: CommandField = { name: "url", label: "Address of a picture (https)", kind: "url", required: true };
const reason: CommandField = {
  name: "reason",
  label: "Reason, without personal data",
  kind: "text",
  required: true,
};
const discourse: CommandField = {
  name: "discourse",
  label: "Clear the avatar in Discourse too",
  kind: "checkbox",
  required: false,
};

const commands: readonly Command[] = [
  {
    name: "review",
    title: "Mark as fine",
    about: "The own picture was looked at. The queue does not show it again.",
    fields: [],
    isFinal: false,
    needs: blocking,
    task: (_people, wanted) => ({ command: "review", wanted, needs: blocking, plan: reviewPlan }),
  },
  {
    name: "set",
    title: "Set a picture by its address",
    about: "The user’s own picture, which takes precedence over the original one.",
    fields: [url],
    isFinal: false,
    needs: changing,
    task: (_people, wanted, input) => setTask(wanted, { url: filled(input, url), file: undefined }),
  },
  {
    name: "set-file",
    title: "Set a picture from a file",
    about: "A PNG, JPEG, WebP or GIF, which is made safe and stored in the stack’s bucket.",
    fields: [{ name: "file", label: "File", kind: "file", required: true }],
    isFinal: false,
    needs: changing,
    task: (_people, wanted, input) => setTask(wanted, { url: undefined, file: fileIn(input) }),
  },
  {
    name: "clear",
    title: "Clear",
    about: "Logins show the default image instead of any picture.",
    fields: [],
    isFinal: false,
    needs: changing,
    task: (_people, wanted) => ({ command: "clear", wanted, plan: clearPlan }),
  },
  {
    name: "use-original",
    title: "Use the original",
    about: "Back to the picture from Auth0 or the connection.",
    fields: [],
    isFinal: false,
    needs: changing,
    task: (_people, wanted) => ({ command: "use-original", wanted, plan: useOriginalPlan }),
  },
  gravatarCommand(
    "on",
    "Show the Gravatar",
    "The user’s Gravatar may be shown, if it is the original picture.",
  ),
  gravatarCommand(
    "off",
    "Hide the Gravatar",
    "The user’s Gravatar is not shown, if it is the original picture.",
  ),
  {
    name: "block",
    title: "Block",
    about: "Logins show the default image, whatever the user sets.",
    fields: [reason, discourse],
    isFinal: false,
    needs: blocking,
    task: (people, wanted, input) => blockedBy(people, wanted, input, false),
  },
  {
    name: "block-purge",
    title: "Block, and delete the files",
    about: "As block, and every version of the user’s files is deleted.",
    fields: [reason, discourse],
    isFinal: true,
    needs: blocking,
    task: (people, wanted, input) => blockedBy(people, wanted, input, true),
  },
  {
    name: "unblock",
    title: "Unblock",
    about: "Takes the block away.",
    fields: [],
    isFinal: false,
    needs: blocking,
    task: (_people, wanted) => ({ command: "unblock", wanted, needs: blocking, plan: unblockPlan }),
  },
  {
    name: "undo",
    title: "Undo the last change",
    about: "Restores the state before the last change that was made from this machine.",
    fields: [],
    isFinal: false,
    needs: blocking,
    task: undoTask,
  },
  {
    name: "set-root",
    title: "Change the original picture",
    about: "The profile’s own picture, which every application and the dashboard show. Rarely needed.",
    fields: [url],
    isFinal: false,
    needs: changing,
    task: (_people, wanted, input) => {
      const address = filled(input, url);
      return { command: "set-root", wanted, plan: (of, user) => setRootPlan(of, user, address, true) };
    },
  },
  {
    name: "forget",
    title: "Forget",
    about: "For a deletion request: the own picture and every version of the user’s files are deleted.",
    fields: [],
    isFinal: true,
    needs: changing,
    task: (_people, wanted) => ({ command: "forget", wanted, plan: forgetPlan }),
  },
];

/** Every command of a person's page, in the order in which the page shows them. */
export const personCommands: readonly PersonCommand[] = commands;

/** A command that the client's scopes do not allow, and the sentence that says so. */
export interface Disallowed {
  readonly command: PersonCommand;
  readonly why: string;
}

/** Which of the commands the token allows. One that says nothing about its scopes allows all: Auth0 refuses then. */
export function allowedCommands(people: Pick<People, "access" | "clientId">): {
  readonly allowed: readonly PersonCommand[];
  readonly disallowed: readonly Disallowed[];
} {
  const whys = commands.map((command) => ({ command, why: whyNot(people, command.needs) }));
  return {
    allowed: whys.flatMap(({ command, why }) => (why === undefined ? [command] : [])),
    disallowed: whys.flatMap(({ command, why }) => (why === undefined ? [] : [{ command, why }])),
  };
}

/** Undefined where the scopes are enough for what is needed. */
export function whyNot(
  people: Pick<People, "access" | "clientId">,
  { scopes, capability }: ChangeNeeds,
): string | undefined {
  try {
    requireScope(people, scopes, capability);
    return undefined;
  } catch (error) {
    return failureOf(error).message;
  }
}

/**
 * What the command will do, without doing it.
 *
 * @param wanted The user's id.
 * @throws UsageError `no-such-command` or for what is lacking in the form, and ExpectedError as the command does.
 */
export async function foretellCommand(
  people: People,
  wanted: string,
  name: string,
  input: CommandInput,
): Promise<Foretelling> {
  return foretell(people, await commandNamed(name).task(people, wanted, input));
}

/**
 * Does it, as `foretellCommand` said. Does not reject with an ExpectedError.
 *
 * @param seen Of what was foretold.
 */
export async function carryOutCommand(
  people: People,
  wanted: string,
  name: string,
  input: CommandInput,
  seen: string,
): Promise<Decided> {
  let task: PictureTask;
  try {
    task = await commandNamed(name).task(people, wanted, input);
  } catch (error) {
    return { outcome: "refused", userId: wanted, ...failureOf(error) };
  }
  return carryOutTask(people, task, seen);
}

function commandNamed(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  throw new UsageError("no-such-command", "The page has no such button. Reload it.");
}

function gravatarCommand(state: "on" | "off", title: string, about: string): Command {
  return {
    name: `gravatar-${state}`,
    title,
    about,
    fields: [],
    isFinal: false,
    needs: changing,
    task: (_people, wanted) => ({ command: "gravatar", wanted, plan: () => gravatarPlan(state) }),
  };
}

function setTask(
  wanted: string,
  source: { url: string | undefined; file: NamedBytes | undefined },
): PictureTask {
  const plan: PictureTask["plan"] = (people, user) => setPlan(people, user, { ...source, probe: true });
  return { command: "set", wanted, plan };
}

async function blockedBy(
  people: People,
  wanted: string,
  input: CommandInput,
  purge: boolean,
): Promise<PictureTask> {
  const text = filled(input, reason);
  // Before anything is changed: missing settings must not stop it half-way.
  const forum = input["discourse"] === "on" ? await openDiscourse(people, true) : undefined;
  return blockTask(wanted, { reason: text, purge }, forum);
}

function filled(input: CommandInput, { name, label }: CommandField): string {
  const value = input[name];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UsageError("field-missing", `“${label}” is empty: fill it in.`);
}

function fileIn({ file }: CommandInput): NamedBytes {
  if (typeof file === "object" && file.bytes.length > 0) return file;
  throw new UsageError("field-missing", "No file was chosen: choose one.");
}
