import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { placesIn } from "../core/definition-site.ts";
import { MillraceError, reasonOf, type ErrorPlace } from "../core/errors.ts";
import { packageScope } from "./package-scope.ts";

/** What importing a project's config threw, as an error with the place to mend. */
export function loadError(error: unknown, config: string): MillraceError {
  const place = placeOf(error) ?? { file: config };
  const reason = reasonOf(error);
  const early =
    error instanceof ReferenceError && /^Cannot access '(.+)' before initialization$/.exec(reason);
  if (early) {
    const name = early[1] ?? "a definition";
    return new MillraceError("DEFINITION_USED_TOO_EARLY", { name }, { place, cause: error });
  }
  if (error instanceof SyntaxError && moduleSyntax.test(reason)) {
    const scope = packageScope(place.file ?? config);
    if (scope.type !== "module") {
      const named = scope.file === undefined ? place : { file: scope.file };
      return new MillraceError("PROJECT_NOT_ESM", { reason }, { place: named, cause: error });
    }
  }
  return new MillraceError("PROJECT_LOAD_FAILED", { reason }, { place, cause: error });
}

/** What Node says of the syntax of ES modules in a file that it takes for CommonJS. */
const moduleSyntax =
  /^Cannot use (?:import statement|'import\.meta') outside a module|^Unexpected token 'export'|^await is only valid in/;

const own = fileURLToPath(new URL("../", import.meta.url));

/** The first place of a stack trace that is a user's own file; syntax errors carry it on the first line. */
function placeOf(error: unknown): ErrorPlace | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return placesIn(stack).find(({ file }) => file !== undefined && isAbsolute(file) && !isForeign(file));
}

function isForeign(file: string): boolean {
  return file.includes("/node_modules/") || file.startsWith(own);
}
