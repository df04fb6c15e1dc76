import type { JsonObject, JsonValue } from "./json.ts";

export interface ConnectionRecord {
  id: string;
  name: string;
  /** `auth0` for a database, otherwise the provider, such as `google-oauth2`. */
  strategy: string;
  options: JsonObject;
  enabled_clients: string[];
  [field: string]: JsonValue | undefined;
}
