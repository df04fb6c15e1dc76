/** Where {@link ensureCertificates} left its files: absolute or relative as the folder was given. */
export interface CertificateFiles {
  /** The local authority's certificate, PEM: what a client has to trust. */
  caFile: string;
  /** The server's certificate, PEM: localhost, 127.0.0.1 and ::1. */
  certFile: string;
  /** The server's private key, PKCS #8 PEM, mode 0600. */
  keyFile: string;
}
