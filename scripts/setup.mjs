// Makes `npm test` and `npm run demo` work on a fresh clone: installs the dependencies when they are missing or
// differ from the lockfile. Plain JavaScript without dependencies, because it runs before there are any, and on
// whatever Node the machine has (18 or newer). It is a `pre` script, never `setup && next`: a shell remembers where it
// found the first `node`, while the next script's shell finds Node 24 in node_modules/.bin.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
};

/** npm writes node_modules/.package-lock.json last, so it tells what is really there. */
function differsFromLockfile() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules/.package-lock.json");
  if (wanted === undefined) throw new Error("package-lock.json is missing or is not JSON");
  if (installed === undefined) return true;
  const same = (path) =>
    wanted[path]?.version === installed[path].version &&
    wanted[path]?.integrity === installed[path].integrity;
  // Optional packages are builds for one platform each: those of the others are rightly not installed, and the one
  // of this platform may be unknown to a lockfile that was written where the registry did not have it.
  const missing = Object.keys(wanted).some((path) => path && !installed[path] && !wanted[path].optional);
  const others = Object.keys(installed).some(
    (path) => !same(path) && (wanted[path] || !installed[path].optional),
  );
  return missing || others;
}

/** Without node_modules/.bin on PATH: npm may replace the Node in there, so the machine's own has to run it. */
function pathOfTheMachine() {
  const inModules = (entry) => entry.split(sep).includes("node_modules");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((entry) => !inModules(entry))
    .join(delimiter);
}

function install() {
  const started = Date.now();
  process.stderr.write("setup: installing dependencies ...\n");
  // Not `npm ci`: it refuses a lockfile that lacks an optional package of any platform. This takes the versions of the
  // lockfile just so, and with --no-save never writes to it.
  const { status, error } = spawnSync(
    "npm",
    ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: root,
      env: { ...process.env, PATH: pathOfTheMachine() },
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    },
  );
  if (error) throw error;
  if (status !== 0) fail(`npm install failed (exit code ${status}); its message is above.`);
  process.stderr.write(`setup: dependencies installed in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

if (differsFromLockfile()) install();

// existsSync follows the link: npm makes it even when the install script that fetches the binary was not run.
if (!existsSync(join(root, "node_modules", ".bin", "node"))) {
  fail(
    'the "node" package is installed but its binary is not: npm did not run its install script.\n' +
      "       Approve it with `npm install-scripts approve node` (or unset ignore-scripts), then run `npm rebuild node`.",
  );
}
