import { writeCommandReference } from "./write-command-reference.ts";

/** `npm run docs`: writes what is generated under docs/. */
writeCommandReference();
