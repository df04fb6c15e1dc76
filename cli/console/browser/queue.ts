/** The queue's page by keyboard. All of it works without this script too, by forms. */
import { askForReason, blockDialog, openBlockDialog } from "./block-dialog.ts";
import { createOutbox, post, type More } from "./answers.ts";
import { cardOf, columns, element, placeOf } from "./page-parts.ts";

type Kind = "fine" | "block" | "clear";

const list = element("cards", HTMLOListElement);
const said = element("said", HTMLElement);
const count = element("count", HTMLElement);
const base = list.dataset["base"] ?? "";
const may = new Set((list.dataset["may"] ?? "").split(" "));
const helpDialog = element("help", HTMLDialogElement);
const usesKeys = element("use-keys", HTMLInputElement);

const outbox = createOutbox(base, Number(list.dataset["results"]));

/** Where the pictures behind the last card begin; undefined at the end. */
let next = placeOf(list.dataset["next"]);
let loading: Promise<boolean> | undefined;
/** Who is to be blocked once there is a reason. */
let toBlock: readonly HTMLElement[] = [];
let judged = 0;

function cards(): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(".judged")];
}

const isOpen = (card: HTMLElement): boolean => ["open", "refused"].includes(card.dataset["state"] ?? "");

function current(): HTMLElement | undefined {
  const inside = document.activeElement?.closest<HTMLElement>(".judged");
  return inside ?? list.querySelector<HTMLElement>('.judged[tabindex="0"]') ?? undefined;
}

/** One card is in the order of the tab key: the one where the arrows are. */
function makeCurrent(card: HTMLElement | undefined): void {
  if (card === undefined) return;
  for (const each of cards()) each.tabIndex = each === card ? 0 : -1;
}

function go(card: HTMLElement | undefined): void {
  if (card === undefined) return;
  makeCurrent(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  loadMoreNear(card);
}

function pickOf(card: HTMLElement): HTMLInputElement | null {
  return card.querySelector<HTMLInputElement>(".pick input");
}

function prepare(card: HTMLElement): void {
  card.tabIndex = -1;
  const pick = card.querySelector<HTMLElement>(".pick");
  if (pick !== null) pick.hidden = false;
  for (const form of card.querySelectorAll("form")) form.addEventListener("submit", onSubmit);
}

/** A card's own buttons do what the keys do. */
function onSubmit(event: SubmitEvent): void {
  const form = event.currentTarget;
  const card = form instanceof HTMLFormElement ? form.closest<HTMLElement>(".judged") : null;
  const kind = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
  if (card === null || !isKind(kind) || !(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const reason = new FormData(form).get("reason");
  judge([card], kind, typeof reason === "string" ? reason : undefined);
}

function isKind(text: string): text is Kind {
  return text === "fine" || text === "block" || text === "clear";
}

function selected(): HTMLElement[] {
  return cards().filter((card) => isOpen(card) && pickOf(card)?.checked === true);
}

function act(kind: Kind): void {
  if (!may.has(kind)) {
    say("This client may not do that.");
    return;
  }
  const card = current();
  const several = selected();
  const targets = several.length > 0 ? several : card !== undefined && isOpen(card) ? [card] : [];
  if (targets.length === 0) {
    say("There is no picture to judge here: go to one that is not judged yet.");
    return;
  }
  if (kind !== "block") {
    judge(targets, kind);
    return;
  }
  toBlock = targets;
  openBlockDialog();
}

function judge(targets: readonly HTMLElement[], kind: Kind, reason?: string): void {
  const behind = nextOpen(targets);
  for (const card of targets) void send(card, kind, reason);
  if (behind !== undefined) go(behind);
  else void goBehindLast(targets);
}

/** To the first of the cards that are still to come; to the end where none comes. */
async function goBehindLast(targets: readonly HTMLElement[]): Promise<void> {
  while (next !== undefined) {
    const before = next;
    if (!(await loadMore())) return;
    const card = nextOpen(targets);
    if (card !== undefined) {
      go(card);
      return;
    }
    // They are still looked for.
    if (next === before) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  element("end", HTMLElement).focus();
}

/** The next card to judge behind these; from the beginning where there is none behind. */
function nextOpen(targets: readonly HTMLElement[]): HTMLElement | undefined {
  const all = cards();
  const from = Math.max(...targets.map((card) => all.indexOf(card)));
  const others = [...all.slice(from + 1), ...all.slice(0, from + 1)];
  return others.find((card) => isOpen(card) && !targets.includes(card));
}

/** Sent at once, and carried out also where this page is closed meanwhile. */
async function send(card: HTMLElement, kind: Kind, reason: string | undefined): Promise<void> {
  const words = kind === "block" ? `Block: ${reason ?? ""}` : kind === "fine" ? "Fine" : "Clear";
  const pick = pickOf(card);
  if (pick !== null) pick.checked = false;
  show(card, "pending", `${words} …`);
  const { key, seen } = card.dataset;
  const answer = await outbox.send({ key, seen, decision: kind, reason });
  if (answer.outcome === "changed" && answer.card !== null) {
    const renewed = renew(card, answer.card);
    const again = renewed !== undefined && isOpen(renewed) ? " Look at it again, then decide." : "";
    say(`${nameOf(card)}: ${answer.words}${again}`);
    return;
  }
  const isDone = answer.outcome === "done" || answer.outcome === "unchanged";
  if (isDone) judged += 1;
  show(card, isDone ? "done" : "refused", answer.words);
  say(`${nameOf(card)}: ${answer.words}`);
}

function show(card: HTMLElement, state: "pending" | "done" | "refused", words: string): void {
  card.dataset["state"] = state;
  const outcome = card.querySelector(".outcome");
  if (outcome !== null) outcome.textContent = words;
  for (const button of card.querySelectorAll("button")) button.disabled = state !== "refused";
  tell();
}

/** Puts a card as it is now in the place of another one; the focus stays where it was. */
function renew(card: HTMLElement, html: string): HTMLElement | undefined {
  const item = card.closest("li");
  const hadFocus = card.contains(document.activeElement);
  const isCurrent = card.tabIndex === 0;
  const made = cardOf(html);
  if (item === null || made === undefined) return undefined;
  item.replaceWith(made.item);
  prepare(made.card);
  if (isCurrent) makeCurrent(made.card);
  if (hadFocus) made.card.focus();
  tell();
  return made.card;
}

async function undo(): Promise<void> {
  const answer = await post(`${base}/undo`, {});
  if (answer === undefined) return;
  if (answer.card === null) {
    say(answer.words);
    return;
  }
  const old = cards().find((card) => card.dataset["key"] === answer.key);
  let card = old === undefined ? undefined : renew(old, answer.card);
  if (card === undefined) {
    const made = cardOf(answer.card);
    if (made === undefined) return;
    list.prepend(made.item);
    prepare(made.card);
    card = made.card;
  }
  judged = Math.max(judged - 1, 0);
  go(card);
  tell();
  say(`${nameOf(card)}: ${answer.words}`);
}

/** So many cards before the last one, more are fetched. */
const near = 12;

function loadMoreNear(card: HTMLElement): void {
  const all = cards();
  if (all.length - all.indexOf(card) <= near) void loadMore();
}

/** Whoever asks while they are on their way waits for the same. Resolves to whether they could be read. */
function loadMore(): Promise<boolean> {
  loading ??= fetchMore().finally(() => (loading = undefined));
  return loading;
}

async function fetchMore(): Promise<boolean> {
  if (next === undefined) return true;
  try {
    const answer = await fetch(`${base}/cards?from=${next}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(((await answer.json()) as { readonly message: string }).message);
    const more = (await answer.json()) as More;
    for (const html of more.cards) add(html);
    next = more.next ?? undefined;
    if (next === undefined) showEnd();
    tell();
    return true;
  } catch (error) {
    say(`More pictures cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function showEnd(): void {
  const end = element("end", HTMLElement);
  if (cards().length > 0) end.textContent = "These are all pictures that nobody has judged yet.";
  end.hidden = false;
}

/** One whom an undo has brought back is there already. */
function add(html: string): void {
  const made = cardOf(html);
  if (made === undefined || cards().some((card) => card.dataset["key"] === made.card.dataset["key"])) return;
  list.append(made.item);
  prepare(made.card);
}

function nameOf(card: HTMLElement): string {
  return card.querySelector("h2")?.textContent.trim() ?? "";
}

function say(words: string): void {
  said.textContent = words;
}

function tell(): void {
  const open = cards().filter(isOpen).length;
  const more = next === undefined ? "" : " and more";
  count.textContent = `${judged} judged, ${open} here to judge${more}`;
}

function move(steps: number): void {
  const all = cards();
  const card = current();
  const index = card === undefined ? 0 : all.indexOf(card) + steps;
  go(all[Math.min(Math.max(index, 0), all.length - 1)]);
}

const moves: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => move(-1),
  ArrowRight: () => move(1),
  ArrowUp: () => move(-columns(cards())),
  ArrowDown: () => move(columns(cards())),
  Home: () => go(cards()[0]),
  End: () => go(cards().at(-1)),
  Escape: () => {
    for (const card of cards()) {
      const pick = pickOf(card);
      if (pick !== null) pick.checked = false;
    }
  },
};

const letters: Readonly<Record<string, () => void>> = {
  a: () => act("fine"),
  b: () => act("block"),
  c: () => act("clear"),
  u: () => void undo(),
  "/": () => location.assign(`${base}/people`),
  "?": () => helpDialog.showModal(),
};

/** Where keys are text. */
const typing = "dialog, input:not([type=checkbox]), textarea, select";

const cardKeys: Readonly<Record<string, (card: HTMLElement) => void>> = {
  Enter: (card) => card.querySelector("a")?.click(),
  " ": (card) => {
    const pick = pickOf(card);
    if (pick !== null && isOpen(card)) pick.checked = !pick.checked;
  },
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(target instanceof HTMLElement) || target.closest(typing) !== null) return;
  const run = actionOf(key, target);
  if (run === undefined) return;
  event.preventDefault();
  run();
});

function actionOf(key: string, target: HTMLElement): (() => void) | undefined {
  const ofCard = target.classList.contains("judged") ? cardKeys[key] : undefined;
  if (ofCard !== undefined) return () => ofCard(target);
  return moves[key] ?? (usesKeys.checked ? letters[key] : undefined);
}

askForReason(block);

/** The focus goes to the next picture, not back to where the dialog was opened. */
function block(reason: string): void {
  const targets = toBlock;
  toBlock = [];
  blockDialog.close();
  judge(targets, "block", reason);
}

document.getElementById("undo")?.addEventListener("submit", (event) => {
  event.preventDefault();
  void undo();
});

const keysButton = element("keys", HTMLButtonElement);
keysButton.hidden = false;
keysButton.addEventListener("click", () => helpDialog.showModal());

for (const card of cards()) prepare(card);
makeCurrent(cards().find(isOpen) ?? cards()[0]);
list.addEventListener("focusin", ({ target }) => {
  if (target instanceof Element) makeCurrent(target.closest<HTMLElement>(".judged") ?? undefined);
});
tell();
