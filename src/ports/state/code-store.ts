import type { CodeManifest } from "../../core/code/code-manifest.ts";
import type { Scope } from "./project-store.ts";

/** What code versions were made of, and which code is still needed. */
export interface CodeStore {
  /** Keeps manifests by their code versions. Those that are there already cost a look, and no write. */
  record(manifests: ReadonlyMap<string, CodeManifest>): Promise<void>;
  /** By code version; those that were never recorded are left out. */
  manifests(codeVersions: readonly string[]): Promise<ReadonlyMap<string, CodeManifest>>;
  /** Code pins of the project's runs that have not ended, in whatever environment: they go on with that code (N9). */
  pinsInUse(scope: Scope): Promise<readonly string[]>;
  /** Removes manifests that no version and no failed step names. @returns how many */
  removeUnused(): Promise<number>;
  /** Digests of all texts that manifests name. */
  textsInUse(): Promise<ReadonlySet<string>>;
}
