import { isBroken, type MoveChecks } from "../../control/snapshots/move-checked.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";

/** What checks of whole assets said of a move: a line for each that failed or was not asked, one for all that passed. */
export function moveChecksText({ checks, unasked }: MoveChecks): readonly string[] {
  const failed = checks.filter(({ passed }) => !passed);
  const passed = checks.length - failed.length;
  return [
    ...failed.map((found) => {
      const mark = isBroken(found) ? paint("red", "✗") : paint("yellow", "!");
      return `${mark} ${found.asset}  ${found.check}: ${found.description ?? "failed"}`;
    }),
    ...unasked.map(
      ({ asset, check }) =>
        `${paint("yellow", "!")} ${asset}  ${check}: not asked, for the code no longer has this check`,
    ),
    ...(passed === 0 ? [] : [`${paint("green", "✓")} ${counted(passed, "check")} passed`]),
  ];
}
