import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { StoredMetadata } from "../core/metadata/metadata-value.ts";

/** What an external asset looked like at one moment. */
export interface Observed {
  /** Cheap marks that stand for the content (size and modification time), as canonical JSON. */
  readonly mark: string;
  /** Hash of the content. */
  readonly dataVersion: string;
  /** What its author told besides. */
  readonly metadata?: StoredMetadata;
}

/** How data made elsewhere is found and watched (N25). */
export interface ExternalSources {
  /** Local path of the asset's file. Throws EXTERNAL_MISSING when nothing is there. */
  path(asset: AssetDefinition): string;
  /**
   * What is there now. Reads the content only when the mark differs from the one last seen, here or in `known`.
   *
   * @throws EXTERNAL_MISSING, EXTERNAL_OBSERVE_FAILED, EXTERNAL_UNREPORTED
   */
  observe(asset: AssetDefinition, known?: Observed): Promise<Observed>;
}
