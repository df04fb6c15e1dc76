import { get } from "node:https";

/** Whether a GET of that https URL answers 200 at once, over TLS that `ca` (PEM) vouches for. */
export function answersOk(url: string, ca: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca, agent: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
