import { sqliteUnderTest } from "../state/sqlite-under-test.ts";
import { wholeAssetChecks } from "./whole-asset-checks.ts";

wholeAssetChecks(sqliteUnderTest);
