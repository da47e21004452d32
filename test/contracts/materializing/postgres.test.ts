import { postgresUnderTest } from "../state/postgres-under-test.ts";
import { inlineValues } from "./inline-values.ts";
import { pinnedSnapshots } from "./pinned-snapshots.ts";

inlineValues(postgresUnderTest);
pinnedSnapshots(postgresUnderTest);
