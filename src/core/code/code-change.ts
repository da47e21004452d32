import { canonicalJson } from "../canonical-json.ts";
import { firstFew } from "../first-few.ts";
import type { CodeManifest } from "./code-manifest.ts";

/** One thing in which two code versions differ (N8). */
export type CodeChange =
  /** Digests of its comment-free text; `before` is absent where it is newly reached, `after` where it no longer is. */
  | {
      readonly change: "file";
      readonly file: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  /** Versions; absent where the package is newly or no longer reached. */
  | {
      readonly change: "package";
      readonly package: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  /** A part of the definition: its columns, SQL, dependencies, partitions, given code version. */
  | {
      readonly change: "option";
      readonly option: string;
      readonly before: unknown;
      readonly after: unknown;
    };

/** In which files, packages and options two code versions differ, options first. */
export function codeChanges(before: CodeManifest, after: CodeManifest): readonly CodeChange[] {
  const files = differing(before.reached?.files, after.reached?.files);
  const packages = differing(before.reached?.packages, after.reached?.packages);
  return [
    ...differing(before.own, after.own).map(({ name, ...sides }) => ({
      change: "option" as const,
      option: name,
      ...sides,
    })),
    ...files.map(({ name, ...sides }) => ({ change: "file" as const, file: name, ...sides })),
    ...packages.map(({ name, ...sides }) => ({ change: "package" as const, package: name, ...sides })),
  ];
}

interface Differing<T> {
  readonly name: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

function differing<T>(
  before: Readonly<Record<string, T>> = {},
  after: Readonly<Record<string, T>> = {},
): readonly Differing<T>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    return canonicalJson(old ?? null) === canonicalJson(now ?? null)
      ? []
      : [{ name, before: old, after: now }];
  });
}

/** What the options of a definition are called in words. */
const optionNames: Readonly<Record<string, string>> = {
  given: "the given code version",
  run: "its function",
  sql: "its SQL",
  wireFormat: "Millrace's wire format",
};

/** Where the change lies: `model/metrics.ts`, `zod 4.1.0 → 4.2.0`, `columns`. */
export function describeCodeChange(change: CodeChange): string {
  if (change.change === "option") return optionNames[change.option] ?? change.option;
  const { before, after } = change;
  if (change.change === "package") {
    if (before === undefined) return `now ${change.package} ${after}`;
    return after === undefined ? `no longer ${change.package}` : `${change.package} ${before} → ${after}`;
  }
  if (before === undefined) return `now ${change.file}`;
  return after === undefined ? `no longer ${change.file}` : change.file;
}

/** The first few, in one line; "" where nothing is known of what changed. */
export function describeCodeChanges(changes: readonly CodeChange[]): string {
  return firstFew(changes.map(describeCodeChange));
}
