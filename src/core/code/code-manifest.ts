import { canonicalJson } from "../canonical-json.ts";
import type { OwnCode } from "./own-code.ts";

/** The files and packages that a module reaches by import. Shared by all definitions of the module. */
export interface ReachedCode {
  /** Digest of the comment-free, type-stripped text of each project file, by its path in the project. */
  readonly files: Readonly<Record<string, string>>;
  /** Locked version of each package, by its name. Where several versions of one are reached: all of them, in order. */
  readonly packages: Readonly<Record<string, string>>;
}

/** What a code version was made of (N8). Equal manifests have equal code versions. */
export interface CodeManifest {
  readonly own: OwnCode;
  /** Absent where the definition tells everything by itself: SQL, a given code version. */
  readonly reached?: ReachedCode;
}

/**
 * What the hash of a manifest is taken of.
 *
 * @param reachedDigest Stands for `reached`, which many definitions share and which is long
 */
export function manifestText(own: OwnCode, reachedDigest: string | undefined): string {
  return canonicalJson({ own, reached: reachedDigest });
}
