/**
 * The fields of answers that tests read, as if each were always there: which ones really are is what the tests assert, by
 * deepEqual or by `in`.
 */
export interface AnswerBody {
  _id: string;
  access_token: string;
  action: AnswerBody;
  actions: AnswerBody[];
  all_changes_deployed: boolean;
  app_metadata: Record<string, unknown>;
  bindings: AnswerBody[];
  client_grants: AnswerBody[];
  client_id: string;
  client_secret: string;
  clients: AnswerBody[];
  code: string;
  connections: AnswerBody[];
  created_at: string;
  current_version: AnswerBody;
  deployed: boolean;
  deployed_version: AnswerBody;
  display_name: string;
  email: string;
  error: string;
  error_description: string;
  errorCode: string;
  expires_at: string;
  id: string;
  identifier: string;
  jwks_uri: string;
  keys: AnswerBody[];
  kid: string;
  location: string;
  logs: AnswerBody[];
  log_id: string;
  message: string;
  name: string;
  next: string;
  number: number;
  options: Record<string, unknown>;
  payload: Record<string, unknown>;
  permissions: unknown[];
  picture: string;
  roles: AnswerBody[];
  scope: string | string[];
  secrets: unknown[];
  status: string;
  statusCode: number;
  summary: Record<string, unknown>;
  supported_triggers: unknown[];
  total: number;
  type: string;
  updated_at: string;
  user_id: string;
  user_metadata: Record<string, unknown>;
  users: AnswerBody[];
  versions: AnswerBody[];
}
