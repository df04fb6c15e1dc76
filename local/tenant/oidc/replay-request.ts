import { IncomingMessage } from "node:http";

/**
 * The request once more, with `fields` as its form: whoever reads its body after the router has read it already finds a
 * fresh one. JSON bodies thus become forms, which oidc-provider wants and Auth0 does not insist on.
 */
export function replayAsForm(
  request: IncomingMessage,
  fields: Record<string, string | undefined>,
): IncomingMessage {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = Buffer.from(new URLSearchParams(given).toString());
  const replay = new IncomingMessage(request.socket);
  replay.method = request.method ?? "POST";
  replay.url = request.url ?? "/";
  replay.httpVersion = request.httpVersion;
  replay.headers = {
    ...request.headers,
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(body.length),
  };
  // Otherwise its end would count as an abort and close the connection.
  replay.complete = true;
  replay.push(body);
  replay.push(null);
  return replay;
}
