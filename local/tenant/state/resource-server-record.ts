import type { JsonValue } from "./json.ts";

export interface ResourceServerScope {
  value: string;
  description?: string;
}

/** An API. Fields that only exist once they were set stand among the open ones. */
export interface ResourceServerRecord {
  id: string;
  identifier: string;
  is_system: boolean;
  signing_alg: string;
  token_lifetime: number;
  scopes?: ResourceServerScope[];
  [field: string]: JsonValue | ResourceServerScope[] | undefined;
}
