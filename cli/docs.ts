import { writeCommandReference } from "./command-reference.ts";

/** `npm run docs`: writes what is generated under docs/. */
writeCommandReference();
