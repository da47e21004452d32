import type { CatalogView } from "../catalog/catalog-view.ts";
import type { KnownAsset } from "./known-asset.ts";
import { unreadableRanges } from "./left-behind.ts";
import type { Plan } from "./plan.ts";

/**
 * Steps whose versions must not be published, however well they went: partitions of an asset of which others, written
 * with a schema that cannot be read any more, were not made along because something failed (N6), and all that was made
 * from those. A reader would otherwise find half an asset.
 *
 * @param view what would be current if all were published
 */
export function withheldSteps(
  { steps, retired }: Pick<Plan, "steps" | "retired">,
  view: CatalogView,
  known: ReadonlyMap<string, KnownAsset>,
): ReadonlySet<string> {
  const assets = new Set(steps.flatMap(({ outputs }) => outputs.map(({ asset }) => asset)));
  const torn = new Set(
    [...assets].filter((asset) => unreadableRanges(asset, [], { view, known, retired }).length > 0),
  );
  const withheld = new Set<string>();
  // What is read comes before what reads it; the outputs of one step are published together (N16).
  for (const { key, outputs, dependsOn } of steps) {
    const isTorn = outputs.some(({ asset }) => torn.has(asset));
    if (isTorn || dependsOn.some((upstream) => withheld.has(upstream))) withheld.add(key);
  }
  return withheld;
}
