import type { ControlContext } from "../control/control-context.ts";
import { MillraceError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";

/** An error about a name that is not there, with the names that may have been meant. */
export class SuggestedError extends Error {
  override readonly name = "SuggestedError";
  readonly error: MillraceError;
  readonly suggestions: readonly string[];

  constructor(error: MillraceError, suggestions: readonly string[]) {
    super(error.message);
    this.error = error;
    this.suggestions = suggestions;
  }
}

/** The error itself, unless it is about a name that resembles one of the project. */
export function withSuggestions(thrown: unknown, { project }: Pick<ControlContext, "project">): unknown {
  if (!(thrown instanceof MillraceError)) return thrown;
  if (thrown.code !== "ASSET_NOT_FOUND") return thrown;
  const endpoints = project.endpoints.flatMap(({ route, name }) =>
    name === undefined ? [route] : [route, name],
  );
  const found = suggest(String(thrown.details["key"]), [
    ...project.assets.map((asset) => asset.key),
    ...endpoints,
  ]);
  return found.length === 0 ? thrown : new SuggestedError(thrown, found);
}
