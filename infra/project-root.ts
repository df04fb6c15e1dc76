import { join } from "node:path";

/** The project's own folder: sources and assets are found from here, whatever folder a command runs in. */
export const projectRoot = join(__dirname, "..");
