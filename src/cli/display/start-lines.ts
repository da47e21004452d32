import type { RunStart } from "../../control/runs/materialize.ts";
import { counted } from "../../core/counted.ts";
import { shortId } from "../text/short-id.ts";

/** Names of so many steps are told; of more only how many there are. */
const named = 10;

/** "run 1a2b3c4d: 12 steps", "continuing run 1a2b3c4d (3 of 12 steps already done)", and which are made again. */
export function startLines({
  runId,
  stepCount: total,
  continued,
  again,
  grows = false,
  givenBy,
}: RunStart): readonly string[] {
  const given = givenBy === undefined ? "" : `, given what they need by run ${shortId(givenBy)}`;
  if (continued === undefined) {
    const more =
      total === 0
        ? "steps as the items of its lists are known"
        : `${counted(total, "step")} and those of its lists`;
    return [`run ${shortId(runId)}: ${grows ? more : counted(total, "step")}${given}`];
  }
  const more = again.length - named;
  return [
    `continuing run ${shortId(runId)} (${continued} of ${counted(total, "step")} already done)${given}`,
    ...(again.length === 0 ? [] : [`${counted(again.length, "step")} of it made again:`]),
    ...again.slice(0, named).map(({ key, reason }) => `  ${key}  ${reason}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
