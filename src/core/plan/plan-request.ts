import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import type { Holds } from "../catalog/holds.ts";
import type { CodeChange } from "../code/code-change.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import type { KnownAsset } from "./known-asset.ts";
import type { Retired } from "./retirement.ts";
import type { PartitionRequest } from "./wanted-ranges.ts";

/** What a plan is made of. */
export interface PlanRequest {
  readonly selection: string;
  readonly targets: readonly AssetDefinition[];
  readonly graph: ProjectGraph;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly view: CatalogView;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  /** In what an asset's code differs from that of an earlier code version; nothing where that is not known. */
  readonly codeChangesOf?: (asset: AssetDefinition, since: string) => readonly CodeChange[];
  /** Data version of an external asset as it is now. */
  readonly observedOf: (asset: AssetDefinition) => string | undefined;
  /** What rollbacks hold where it is. */
  readonly holds: Holds;
  /** What has left the code; nothing when absent. */
  readonly retired?: readonly Retired[];
  readonly partitions?: PartitionRequest;
  /** Leave out what is fresh, and what is held. */
  readonly staleOnly: boolean;
  /** Make appending assets anew instead of adding to them. */
  readonly fullRefresh?: boolean;
  readonly now: number;
}
