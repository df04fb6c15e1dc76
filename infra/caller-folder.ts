/** Where a command was typed: npm changes into the project, but a path is relative to where the person is. */
export function callerFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}
