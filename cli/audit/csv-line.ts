/**
 * A line of a CSV file (RFC 4180). A field that a spreadsheet would run as a formula starts with an apostrophe, as OWASP
 * advises: what users wrote ends in somebody's spreadsheet.
 */
export function csvLine(fields: readonly (string | null)[]): string {
  return `${fields.map((field) => quoted(field ?? "")).join(",")}\r\n`;
}

function quoted(text: string): string {
  const harmless = /^\s*[=+\-@]|^[\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replace(/"/g, '""')}"`;
}
