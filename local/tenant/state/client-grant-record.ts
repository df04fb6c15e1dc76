/** What an application may ask of an API without a user (`subject_type` client) or with one (user). */
export interface ClientGrantRecord {
  id: string;
  client_id: string;
  audience: string;
  /** Absent while `allow_all_scopes` is true. */
  scope?: string[];
  subject_type: "client" | "user";
  authorization_details_types: string[];
  allow_all_scopes?: boolean;
}
