import type { Rechecked, RecheckResult } from "../../control/checks/recheck.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";

/** What was found of one asset: a line for each check that failed, and one for those that passed. */
export function recheckLines(found: readonly Rechecked[]): readonly string[] {
  const failed = found.filter(({ passed }) => !passed);
  const passed = found.length - failed.length;
  const [first] = found;
  return [
    ...failed.map(({ asset, partition, check, severity, description = "failed" }) => {
      const place = partition === undefined ? asset : `${asset}[${partition}]`;
      const mark = severity === "warn" ? paint("yellow", "!") : paint("red", "✗");
      return `${mark} ${place}  ${check}: ${description}`;
    }),
    ...(passed === 0 || first === undefined
      ? []
      : [`${paint("green", "✓")} ${first.asset}  ${counted(passed, "check")} passed`]),
  ];
}

export function recheckSummary({ evaluations, missing, snapshot }: RecheckResult): readonly string[] {
  const failed = evaluations.filter(({ passed }) => !passed).length;
  return [
    ...missing.map((asset) => paint("dim", `- ${asset}  never materialized`)),
    `${counted(evaluations.length, "check")} asked of snapshot ${snapshot}: ${evaluations.length - failed} passed, ${failed} failed`,
  ];
}
