import { createHash } from "node:crypto";
import { canonicalJson } from "../core/canonical-json.ts";
import type { CodeManifest, ReachedCode } from "../core/code/code-manifest.ts";
import type { OwnCode } from "../core/code/own-code.ts";
import type { CodeStore } from "../ports/state/code-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Database } from "./database/database.ts";
import { all, first, forRows, run, runRows, type Cells, type Script } from "./database/script.ts";

export class SqlCodeStore implements CodeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async record(manifests: ReadonlyMap<string, CodeManifest>): Promise<void> {
    const known = await this.#database.read(() => recordedOf([...manifests.keys()]));
    const missing = [...manifests].filter(([codeVersion]) => !known.has(codeVersion));
    if (missing.length > 0) await this.#database.write(() => insertManifests(missing));
  }

  manifests(codeVersions: readonly string[]): Promise<ReadonlyMap<string, CodeManifest>> {
    return this.#database.read(() => readManifests(codeVersions));
  }

  pinsInUse(scope: Scope): Promise<readonly string[]> {
    return this.#database.read(() => readPins(scope));
  }

  removeUnused(): Promise<number> {
    return this.#database.write(() => removeUnused());
  }

  async textsInUse(): Promise<ReadonlySet<string>> {
    const reached = await this.#database.read(() => all<{ files: string }>("select files from reached_code"));
    return new Set(reached.flatMap(({ files }) => Object.values(JSON.parse(files) as ReachedCode["files"])));
  }
}

function* recordedOf(codeVersions: readonly string[]): Script<ReadonlySet<string>> {
  const rows = yield* forRows<{ code_version: string }>(
    "with r as {rows id text} select m.code_version from r {join} code_manifest m on m.code_version = r.id",
    codeVersions.map((id) => [id]),
  );
  return new Set(rows.map((row) => row.code_version));
}

function* insertManifests(manifests: readonly (readonly [string, CodeManifest])[]): Script<void> {
  // Definitions of one module share what they reach, and the object too.
  const hashes = new Map<ReachedCode, string>();
  const reachedRows: Cells[] = [];
  for (const { reached } of manifests.map(([, manifest]) => manifest)) {
    if (reached === undefined || hashes.has(reached)) continue;
    const [files, packages] = [canonicalJson(reached.files), canonicalJson(reached.packages)];
    const hash = createHash("sha256").update(`${files}\n${packages}`).digest("hex");
    hashes.set(reached, hash);
    reachedRows.push([hash, files, packages]);
  }
  yield* runRows(
    `with r as {rows hash text, files text, packages text} insert into reached_code (hash, files, packages)
     select hash, files, packages from r where true on conflict (hash) do nothing`,
    reachedRows,
  );
  yield* runRows(
    `with r as {rows code_version text, own text, reached_hash text}
     insert into code_manifest (code_version, own, reached_hash)
     select code_version, own, reached_hash from r where true on conflict (code_version) do nothing`,
    manifests.map(([codeVersion, { own, reached }]) => [
      codeVersion,
      canonicalJson(own),
      reached === undefined ? undefined : hashes.get(reached),
    ]),
  );
}

interface ManifestRow {
  readonly code_version: string;
  readonly own: string;
  readonly files: string | null;
  readonly packages: string | null;
}

function* readManifests(codeVersions: readonly string[]): Script<ReadonlyMap<string, CodeManifest>> {
  const rows = yield* forRows<ManifestRow>(
    `with r as {rows id text}
     select m.code_version, m.own, c.files, c.packages
     from r {join} code_manifest m on m.code_version = r.id left join reached_code c on c.hash = m.reached_hash`,
    [...new Set(codeVersions)].map((id) => [id]),
  );
  return new Map(rows.map((row) => [row.code_version, manifestOf(row)]));
}

function manifestOf({ own, files, packages }: ManifestRow): CodeManifest {
  return {
    own: JSON.parse(own) as OwnCode,
    ...(files === null || packages === null
      ? {}
      : {
          reached: {
            files: JSON.parse(files) as ReachedCode["files"],
            packages: JSON.parse(packages) as ReachedCode["packages"],
          },
        }),
  };
}

function* readPins(scope: Scope): Script<readonly string[]> {
  const rows = yield* all<{ code_pin: string }>(
    `select distinct code_pin from run
     where environment_id in (select id from environment where project_id = ?)
       and ended_at is null and code_pin is not null
     order by code_pin`,
    scope.projectId,
  );
  return rows.map((row) => row.code_pin);
}

/** A run records its manifests before it makes versions of them, so nothing is removed while one is at work. */
function* removeUnused(): Script<number> {
  const running = yield* first("select 1 as one from run where ended_at is null limit 1");
  if (running !== undefined) return 0;
  const removed = yield* all(
    `delete from code_manifest
     where code_version not in (select code_version from version where code_version is not null)
       and code_version not in (select code_version from step where code_version is not null)
     returning code_version`,
  );
  yield* run(
    `delete from reached_code
     where hash not in (select reached_hash from code_manifest where reached_hash is not null)`,
  );
  return removed.length;
}
