/**
 * Does one change to a state that has all changes before it, and is killed once so many statements were answered:
 * `die-in-between.ts <path or URL> <change> <statements>`.
 */
import { PostgresDatabase } from "../../../src/storage/postgres/driver.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite/driver.ts";
import { openState } from "../../../src/storage/state.ts";
import { BreakingDatabase } from "./breaking-database.ts";
import { stateChanges } from "./state-changes.ts";
import { TestProject } from "./test-project.ts";

const [address = "", name = "", statements = ""] = process.argv.slice(2);
const database = address.startsWith("postgres")
  ? new PostgresDatabase({ url: address })
  : await SqliteDatabase.open({ path: address });
const breaking = new BreakingDatabase(database, () => process.kill(process.pid, "SIGKILL"));
const project = await TestProject.open(await openState(breaking));
breaking.breakAfter(Number(statements));
await stateChanges.find((one) => one.name === name)?.change(project);
await breaking.close();
