export interface S3Options {
  /** Path of the versitygw executable. */
  readonly versitygw: string;
  /** Folder that holds the buckets; made when missing. Its file system needs extended attributes. */
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM files; the certificate is for localhost, and `caFile` vouches for it. */
  readonly certificates: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  /** The server takes signatures for this region only. */
  readonly region?: string;
  /** The run that it belongs to; without one it gets a watcher of its own (startReaper). */
  readonly runId?: string;
}
