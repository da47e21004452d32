import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import type { KnownAsset } from "./known-asset.ts";
import { unreadableRanges } from "./left-behind.ts";
import type { Plan } from "./plan.ts";

/**
 * Steps whose versions cannot become current one by one, so that they wait for the end of a run that otherwise
 * publishes as it goes: partitions of an asset that have to change together, for what is current of it cannot be read
 * beside them (N6); what a rollback holds (N17); and all that is made from those.
 *
 * @param view what is current before the run publishes anything
 */
export function jointSteps(
  { steps, retired, held }: Pick<Plan, "steps" | "retired" | "held">,
  view: CatalogView,
  known: ReadonlyMap<string, KnownAsset>,
): ReadonlySet<string> {
  const partitioned = steps.flatMap(({ outputs }) =>
    outputs.flatMap(({ asset }) => (asset.partitions.kind === "none" ? [] : asset)),
  );
  const isTorn = (asset: AssetDefinition): boolean =>
    unreadableRanges(asset, [], { view, known, retired }).length > 0;
  const torn = new Set([...new Set(partitioned)].filter(isTorn));
  const joint = new Set(held.map(({ key }) => key));
  // What is read comes before what reads it.
  for (const { key, outputs, dependsOn } of steps) {
    if (outputs.some(({ asset }) => torn.has(asset)) || dependsOn.some((upstream) => joint.has(upstream)))
      joint.add(key);
  }
  return joint;
}
