export interface LoggedRequest {
  method: string;
  /** Without the query, which may hold codes and emails. */
  path: string;
  status: number;
}

/** What was asked of the tenant, for tests and the page: the latest requests, and counts over all. */
export interface RequestLog {
  /** Oldest first, at most the latest 1,000. */
  entries: () => readonly LoggedRequest[];
  /** How many requests there were since the start, or since {@link clear}: of one method, under one path, or all. */
  count: (filter?: { method?: string; pathPrefix?: string }) => number;
  clear: () => void;
}

export interface RecordingRequestLog extends RequestLog {
  record: (request: LoggedRequest) => void;
}

const maxEntries = 1000;

export function createRequestLog(): RecordingRequestLog {
  let entries: LoggedRequest[] = [];
  const counts = new Map<string, number>();
  return {
    entries: () => entries.slice(-maxEntries),
    count: ({ method, pathPrefix = "" } = {}) => {
      let total = 0;
      for (const [key, count] of counts) {
        const [ofMethod = "", path = ""] = key.split(" ");
        if ((method === undefined || ofMethod === method) && path.startsWith(pathPrefix)) total += count;
      }
      return total;
    },
    clear: () => {
      entries = [];
      counts.clear();
    },
    record: (request) => {
      entries.push(request);
      if (entries.length > maxEntries * 2) entries = entries.slice(-maxEntries);
      const key = `${request.method} ${request.path}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
}
