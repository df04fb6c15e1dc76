import { markup, type Markup } from "../../../lib/html.ts";
import type { ConsoleContext } from "../console-context.ts";
import type { CommandField, Disallowed, PersonCommand } from "../decisions/person-commands.ts";
import { section } from "./person-page.ts";

interface Offered {
  readonly allowed: readonly PersonCommand[];
  readonly disallowed: readonly Disallowed[];
}

/** What can be done about a person: a form for each command that the client may carry out, and why there are no others. */
export function commandForms(
  context: Pick<ConsoleContext, "base" | "reasons" | "discourse">,
  key: string,
  { allowed, disallowed }: Offered,
): Markup {
  const cards = allowed.map((command) => commandForm(context, key, command));
  const hint = markup`<p class="hint">Each says first what it will do, and asks. Nothing is changed before you say yes.</p>`;
  const options = context.reasons.map((reason) => markup`<option value="${reason}"></option>`);
  return section(
    "commands",
    "Change",
    markup`${cards.length === 0 ? "" : hint}<ul class="cards">${cards}</ul>${missing(disallowed)}
<datalist id="reasons">${options}</datalist>`,
  );
}

/** Each reason once, with all that it keeps from being offered. */
function missing(disallowed: readonly Disallowed[]): Markup {
  const byWhy = new Map<string, string[]>();
  for (const { command, why } of disallowed) {
    byWhy.set(why, [...(byWhy.get(why) ?? []), command.title]);
  }
  const items = [...byWhy].map(
    ([why, titles]) => markup`<p class="note">Not offered: ${titles.join(", ")}. ${why}</p>`,
  );
  return markup`${items}`;
}

type FormContext = Pick<ConsoleContext, "base" | "discourse">;

function commandForm(context: FormContext, key: string, command: PersonCommand): Markup {
  const { name, title, about, fields, isFinal } = command;
  const encoding = fields.some(({ kind }) => kind === "file") ? markup` enctype="multipart/form-data"` : "";
  return markup`<li class="card command"><h3 id="command-${name}">${title}</h3><p>${about}</p>
${isFinal ? markup`<p class="final">It cannot be undone.</p>` : ""}
<form method="post" action="${context.base}/person/${key}/${name}"${encoding} aria-labelledby="command-${name}">
${fields.map((field) => fieldOf(context, name, field))}
<button${isFinal ? markup` class="danger"` : ""}>${title}…</button></form></li>`;
}

function fieldOf({ discourse }: FormContext, command: string, field: CommandField): Markup {
  const { name, label, kind, required } = field;
  const id = `${command}-${name}`;
  const isRequired = required ? markup` required` : "";
  if (kind === "checkbox") {
    const checked = name === "discourse" && discourse ? markup` checked` : "";
    return markup`<label class="check"><input type="checkbox" id="${id}" name="${name}"${checked}> ${label}</label>`;
  }
  return markup`<label for="${id}">${label}</label>
<input type="${kind}" id="${id}" name="${name}" ${inputs[kind]}${isRequired}>`;
}

const inputs: Readonly<Record<Exclude<CommandField["kind"], "checkbox">, Markup>> = {
  text: markup`list="reasons" maxlength="500" autocomplete="off"`,
  url: markup`maxlength="8192" autocomplete="off" placeholder="https://"`,
  file: markup`accept="image/png,image/jpeg,image/webp,image/gif"`,
};
