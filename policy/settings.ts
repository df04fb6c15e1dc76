/** What an environment decides about pictures; the table in docs/picture-policy.md says what each does. */
export interface PictureSettings {
  /** The environment's default image: an https URL in its normal form, at most `maxLength` long. */
  readonly defaultUrl: string;
  /** `keep` Gravatar pictures, keep them with our default as their `fallback`, or `never` show them. */
  readonly gravatar: "keep" | "fallback" | "never";
  /** `keep` what a connection provides, or `replace` it by the default for everybody. */
  readonly social: "keep" | "replace";
  /** `show` the copy of the root picture where there is one, or keep them `off`; left out, as by earlier versions: off. */
  readonly copies?: "off" | "show";
  /** `host`, `host:port` or `*.domain`; an empty list means any public host. */
  readonly allowedHosts: readonly string[];
  /** https URL prefixes below which every picture is allowed: our own `users/` objects. */
  readonly allowedPrefixes: readonly string[];
  /** Longest picture URL that a login shows, as written and as normalised, in UTF-16 code units as `String.length` counts them. */
  readonly maxLength: number;
  /** The attribute that SAML applications get the picture as; left out: they get none. */
  readonly samlAttribute?: string;
}
