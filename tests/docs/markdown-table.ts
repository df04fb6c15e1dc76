/** A table in Markdown; cells are taken as they are, but for the bars in them. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as code; empty stays empty. */
export function code(text: string): string {
  if (text === "") return "";
  // A span that holds backticks needs longer ones around it.
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
