import type { Rollback } from "../../control/snapshots/roll-back.ts";
import { describeHold } from "../../core/catalog/hold.ts";
import { counted } from "../../core/counted.ts";
import { formatTable } from "../text/table.ts";
import { shortId } from "../text/short-id.ts";
import { moveChecksText } from "./move-checks-text.ts";
import { paint } from "../text/paint.ts";

/** More lines than this help nobody; `--json` has all of them. */
const mostLines = 50;

/** What `millrace rollback` prints. */
export function rollbackText(rollback: Rollback, selection: string): readonly string[] {
  const { dryRun, refused, forced, snapshot, moved, by, reason } = rollback;
  const assets = new Set(moved.map(({ asset }) => asset)).size;
  const count = moved.reduce((sum, { partitions }) => sum + partitions, 0);
  const what = `${counted(assets, "asset")}${count === assets ? "" : `, ${counted(count, "partition")}`}`;
  const table = formatTable(
    [{ title: "asset" }, { title: "partition" }, { title: "from" }, { title: "to" }],
    moved
      .slice(0, mostLines)
      .map(({ asset, partition = "", from, to }) => [asset, partition, versionText(from), versionText(to)]),
  );
  const more = moved.length > mostLines ? [`and ${counted(moved.length - mostLines, "place")} more`] : [];
  const said = describeHold({ by, reason, at: 0 });
  const lines = [...table, ...more, "", ...moveChecksText(rollback)];
  if (dryRun) {
    const would = refused ? "would refuse to roll back" : "would roll back";
    return [...lines, `${would} ${what}, from snapshot ${snapshot}; nothing was changed`];
  }
  return [
    ...lines,
    `${paint("green", "●")} published snapshot ${snapshot}: rolled back ${what}${forced ? ", forced" : ""}, ${said}`,
    `later versions stay staged until: millrace release ${quoted(selection)}`,
  ];
}

function versionText(id: string | undefined): string {
  return id === undefined ? "nothing" : shortId(id);
}

/** As a shell takes it. */
export function quoted(selection: string): string {
  return /^[\w/+:=.,-]+$/.test(selection) ? selection : `'${selection.replaceAll("'", String.raw`'\''`)}'`;
}
