import type { StepDetails } from "../../control/runs/show-run.ts";
import type { ToldValue } from "../../control/runs/step-values.ts";
import { counted, thousands } from "../../core/counted.ts";
import { formatDuration } from "../../core/duration.ts";
import { nodeOfStep } from "../../core/graph/step-names.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import { plainValue } from "../../core/serial/plain-value.ts";
import { deserialize } from "../../core/serial/serialize.ts";
import { formatBytes } from "../text/bytes.ts";
import { cut } from "../text/cut.ts";
import { paint } from "../text/paint.ts";
import { clockTime } from "../text/relative-time.ts";
import { formatTable } from "../text/table.ts";
import { paintStatus } from "./status-text.ts";

/** Of more items of one list only the first few are told, and those that failed. */
const mostItems = 8;
const firstItems = 3;
const failedItems = 5;

type Row = readonly [step: string, status: string, tries: string, took: string, gave: string, reason: string];

/** The steps of a run, those of the same op's items together. */
export function stepTable(steps: readonly StepDetails[]): readonly string[] {
  return formatTable(
    [
      { title: "step" },
      { title: "status" },
      { title: "tries", align: "right" },
      { title: "took", align: "right" },
      { title: "gave" },
      { title: "reason" },
    ],
    groups(steps).flatMap(groupRows),
  );
}

/** Items of one op by their op, in the order of the run; any other step by itself. */
function groups(steps: readonly StepDetails[]): readonly (readonly StepDetails[])[] {
  const byNode = Map.groupBy(steps, ({ key, outputs }) => (outputs.length > 0 ? key : nodeOfStep(key)));
  return [...byNode.values()];
}

function groupRows(items: readonly StepDetails[]): readonly Row[] {
  if (items.length <= mostItems) return items.map(stepRow);
  const first = items.slice(0, firstItems);
  const failed = items.slice(firstItems).filter(({ status }) => status === "failure");
  const told = [...first, ...failed.slice(0, failedItems)];
  const rest = items.filter((item) => !told.includes(item));
  const counts = [...Map.groupBy(rest, ({ status }) => status)].map(
    ([status, { length }]) => `${thousands(length)} ${status}`,
  );
  const more = paint("dim", `and ${counted(rest.length, "item")} more`);
  return [...told.map(stepRow), [more, counts.join(", "), "", "", "", ""]];
}

function stepRow({ key, status, attempts, milliseconds, gave, retryAt, reason = "" }: StepDetails): Row {
  const waits = retryAt === undefined ? "" : `tried again at ${clockTime(retryAt)}: `;
  return [
    key,
    paintStatus(status),
    attempts === 0 ? "" : String(attempts),
    milliseconds === undefined ? "" : formatDuration(milliseconds),
    gave === undefined ? "" : gaveText(gave),
    `${waits}${stepReason(key, reason)}`.replaceAll("\n", " "),
  ];
}

/** "list of 2  [1,2]", "1.2 MB". */
function gaveText({ kind, value, bytes }: ToldValue): string {
  if (kind === undefined) return formatBytes(bytes);
  if (kind === "nothing") return "";
  const preview = JSON.stringify(plainValue(deserialize(JSON.stringify(value)))) ?? "";
  return `${kind}  ${paint("dim", cut(preview, 48))}`;
}
