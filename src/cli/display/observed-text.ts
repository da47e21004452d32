import type { ObservedAsset } from "../../control/sources/observe.ts";
import { metadataSummary } from "../text/metadata.ts";
import { paint } from "../text/paint.ts";
import { formatTable } from "../text/table.ts";

/** One line for each asset: did it change, and what is it now? */
export function observedText(assets: readonly ObservedAsset[]): readonly string[] {
  if (assets.length === 0) return ["there is no external asset"];
  return formatTable(
    [{ title: "asset" }, { title: "" }, { title: "content" }, { title: "" }],
    assets.map(({ key, changed, dataVersion = "", metadata, problem }) => [
      key,
      problem === undefined ? (changed ? paint("yellow", "changed") : "unchanged") : paint("red", problem),
      dataVersion.replace(/^sha256:(.{12}).*$/, "$1"),
      metadataSummary(metadata),
    ]),
  );
}
