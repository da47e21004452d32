import { postgresUnderTest } from "../state/postgres-under-test.ts";
import { compactedMeanwhile } from "./compacted-meanwhile.ts";
import { hashedOtherwise } from "./hashed-otherwise.ts";
import { inlineValues } from "./inline-values.ts";
import { janitor } from "./janitor.ts";
import { pinnedSnapshots } from "./pinned-snapshots.ts";
import { provenance } from "./provenance.ts";
import { truthInTables } from "./truth-in-tables.ts";

compactedMeanwhile(postgresUnderTest);
hashedOtherwise(postgresUnderTest);
inlineValues(postgresUnderTest);
janitor(postgresUnderTest);
pinnedSnapshots(postgresUnderTest);
provenance(postgresUnderTest);
truthInTables(postgresUnderTest);
