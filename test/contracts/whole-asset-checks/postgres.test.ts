import { postgresUnderTest } from "../state/postgres-under-test.ts";
import { wholeAssetChecks } from "./whole-asset-checks.ts";

wholeAssetChecks(postgresUnderTest);
