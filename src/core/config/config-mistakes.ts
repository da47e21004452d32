import { MillraceError } from "../errors.ts";
import { counted } from "../counted.ts";
import { firstFew } from "../first-few.ts";
import { suggest } from "../suggest.ts";
import { below, type ConfigSegment } from "./config-path.ts";

/** A field that does not hold what it has to. */
export function fieldInvalid(field: string, reason: string): MillraceError {
  return new MillraceError("CONFIG_FIELD_INVALID", { field, reason }, { place: { field } });
}

/** A member that nobody has, with those that may have been meant. */
export function fieldUnknown(
  where: string,
  name: ConfigSegment,
  known: readonly string[],
  what = "option",
): MillraceError {
  const field = below(where, [name]);
  const there = known.length === 0 ? "there is none here" : `there is ${firstFew(known)}`;
  const suggestions = suggest(String(name), known);
  return new MillraceError("CONFIG_FIELD_UNKNOWN", { field, what, there }, { place: { field }, suggestions });
}

/** All the mistakes of a config as one error, with each in `problems`. */
export function configInvalid(problems: readonly MillraceError[]): MillraceError {
  const list = problems.map(({ message, suggestions: [likeliest] }) =>
    likeliest === undefined ? `- ${message}` : `- ${message} (did you mean ${likeliest}?)`,
  );
  return new MillraceError(
    "CONFIG_INVALID",
    { mistakes: counted(problems.length, "mistake"), list: list.join("\n") },
    { problems },
  );
}
