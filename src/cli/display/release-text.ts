import type { Release } from "../../control/snapshots/release.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { moveChecksText } from "./move-checks-text.ts";
import { quoted } from "./rollback-text.ts";

/** What `millrace release` prints. */
export function releaseText(release: Release, selection: string): readonly string[] {
  const { released, snapshot, forced, published, superseded, waiting } = release;
  const places = released.map(({ asset, partition }) =>
    partition === undefined ? asset : `${asset}[${partition}]`,
  );
  const few = places.slice(0, 5).join(", ");
  const lines = [`released ${few}${places.length > 5 ? ` and ${places.length - 5} more` : ""}`];
  lines.push(...moveChecksText(release));
  if (snapshot !== undefined)
    lines.push(
      `${paint("green", "●")} published snapshot ${snapshot}: ${counted(published.length, "version")}${forced ? ", forced" : ""}`,
    );
  if (superseded.length > 0)
    lines.push(`${counted(superseded.length, "version")} came too late: millrace versions says why`);
  if (snapshot === undefined && waiting.length > 0)
    lines.push(`${counted(waiting.length, "version")} made meanwhile stay staged`);
  if (snapshot === undefined)
    lines.push(`to make it anew: millrace materialize ${quoted(selection)} --stale`);
  return lines;
}
