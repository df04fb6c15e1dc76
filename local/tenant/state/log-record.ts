/** An event of the tenant log. It names people by their id only. */
export interface LogRecord {
  /** Grows with time; `from` of the list takes it. */
  log_id: string;
  /**
   * Auth0's event type code: `s` and `f` a login and one that an Action ended, `sertft` and `fertft` the same for a refresh,
   * `fp` a wrong password, `fu` a name that nobody has, `ss` a sign-up, `sapi` a write through the Management API.
   */
  type: "s" | "f" | "sertft" | "fertft" | "fp" | "fu" | "ss" | "sapi";
  date: string;
  description: string;
  client_id?: string;
  client_name?: string;
  user_id?: string;
}

/** As many as the tenant keeps; a real one keeps days. */
const maxLogs = 1000;

/** Appends an event; ids are as long as each other, so that they sort as text. */
export function addLog(logs: LogRecord[], event: Omit<LogRecord, "log_id" | "date">): void {
  const latest = logs.at(-1)?.log_id ?? "0";
  const log_id = String(Number(latest) + 1).padStart(20, "0");
  logs.push({ log_id, date: new Date().toISOString(), ...event });
  if (logs.length > maxLogs) logs.splice(0, logs.length - maxLogs);
}
