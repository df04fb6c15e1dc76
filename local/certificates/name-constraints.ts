import { x509 } from "./x509.ts";

const nameConstraintsId = "2.5.29.30";

/** One DER value: tag, length below 128, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

function permittedName(tag: number, content: Buffer): Buffer {
  return der(0x30, der(tag, content));
}

/**
 * The critical extension (RFC 5280, 4.2.1.10) that limits an authority to `localhost`, 127.0.0.1 and ::1: whoever
 * got hold of its key could not pass for any other site. The library has no class for it, so the DER is put together here.
 */
export function localhostOnly(): x509.Extension {
  const dnsName = 0x82;
  const ipAddress = 0x87;
  const loopback4 = Buffer.from([127, 0, 0, 1]);
  const loopback6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);
  const permitted = der(
    0xa0,
    permittedName(dnsName, Buffer.from("localhost")),
    permittedName(ipAddress, Buffer.concat([loopback4, Buffer.alloc(4, 0xff)])),
    permittedName(ipAddress, Buffer.concat([loopback6, Buffer.alloc(16, 0xff)])),
  );
  return new x509.Extension(nameConstraintsId, true, der(0x30, permitted));
}
