import { sqliteUnderTest } from "../state/sqlite-under-test.ts";
import { compactedMeanwhile } from "./compacted-meanwhile.ts";
import { hashedOtherwise } from "./hashed-otherwise.ts";
import { inlineValues } from "./inline-values.ts";
import { janitor } from "./janitor.ts";
import { pinnedSnapshots } from "./pinned-snapshots.ts";
import { provenance } from "./provenance.ts";
import { truthInTables } from "./truth-in-tables.ts";

compactedMeanwhile(sqliteUnderTest);
hashedOtherwise(sqliteUnderTest);
inlineValues(sqliteUnderTest);
janitor(sqliteUnderTest);
pinnedSnapshots(sqliteUnderTest);
provenance(sqliteUnderTest);
truthInTables(sqliteUnderTest);
