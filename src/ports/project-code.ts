import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CodeManifest } from "../core/code/code-manifest.ts";

/** The code that this process has loaded, and what is kept of earlier code. */
export interface ProjectCode {
  /** What an asset's code version is made of (N8). */
  manifestOf(asset: AssetDefinition): CodeManifest;
  /** The comment-free text behind a digest of a manifest; undefined where it is no longer kept. */
  text(digest: string): string | undefined;
  /**
   * Keeps the loaded code, so that a run goes on with it whatever becomes of the files (N9), and the texts behind the
   * manifests of these assets, so that later changes can be shown.
   *
   * @returns the code pin: its name. Undefined for a project without files, put together in a test
   */
  keep(assets: Iterable<AssetDefinition>): Promise<string | undefined>;
  /**
   * Removes what is kept of earlier code, but for these pins with all that they name, these texts, and what was put to
   * use in the last `graceMs`.
   *
   * @returns how many pins and texts went, or with `dryRun` would go
   */
  collect(
    inUse: { readonly pins: ReadonlySet<string>; readonly texts: ReadonlySet<string> },
    graceMs: number,
    dryRun: boolean,
  ): Promise<{ readonly pins: number; readonly texts: number }>;
}
