import { sqliteUnderTest } from "../state/sqlite-under-test.ts";
import { movesByHand } from "./moves-by-hand.ts";
import { wholeAssetChecks } from "./whole-asset-checks.ts";

wholeAssetChecks(sqliteUnderTest);
movesByHand(sqliteUnderTest);
