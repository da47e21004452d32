import { sqliteUnderTest } from "../state/sqlite-under-test.ts";
import { inlineValues } from "./inline-values.ts";
import { pinnedSnapshots } from "./pinned-snapshots.ts";

inlineValues(sqliteUnderTest);
pinnedSnapshots(sqliteUnderTest);
