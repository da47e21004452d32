import type { ErrorReport } from "../../core/error-report.ts";
import { paint } from "./paint.ts";
import { placeText } from "./place.ts";

/** Mistakes found together, one to a line: place, code, what is wrong, what to do. */
export function formatProblems(
  problems: readonly ErrorReport[],
  stream: NodeJS.WriteStream = process.stderr,
): readonly string[] {
  const places = problems.map((problem) => placeText(problem.place));
  const widest = Math.max(0, ...places.map((place) => place.length));
  return problems.map(({ code, message, fix, suggestions: [likeliest] = [] }, index) => {
    const place = (places[index] ?? "").padEnd(widest);
    const meant = likeliest === undefined ? "" : ` (did you mean ${likeliest}?)`;
    return `${place}  ${paint("yellow", code, stream)}  ${message}${meant}  ${paint("cyan", "→", stream)} ${fix}`;
  });
}
