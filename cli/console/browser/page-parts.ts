/** @throws Error where the page lacks it: the script and the page are of one version. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page lacks ${id}.`);
}

/** A card of the console's own markup, and the item of the list that it stands in. */
export function cardOf(html: string): { readonly item: Element; readonly card: HTMLElement } | undefined {
  const template = document.createElement("template");
  template.innerHTML = html;
  const item = template.content.firstElementChild;
  const card = item?.querySelector<HTMLElement>(".judged");
  return item === null || card === null || card === undefined ? undefined : { item, card };
}

/** Cards in a row of the grid. */
export function columns(all: readonly HTMLElement[]): number {
  const top = all[0]?.offsetTop;
  const index = all.findIndex((card) => card.offsetTop !== top);
  return index === -1 ? Math.max(all.length, 1) : index;
}
