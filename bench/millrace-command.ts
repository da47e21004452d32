import { fileURLToPath } from "node:url";

/** The command line, as users start it. */
export const millrace = fileURLToPath(new URL("../bin/millrace.js", import.meta.url));

/** The folder of the example. */
export const example = fileURLToPath(new URL("../examples/flights/", import.meta.url));
