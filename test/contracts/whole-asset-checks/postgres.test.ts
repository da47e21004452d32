import { postgresUnderTest } from "../state/postgres-under-test.ts";
import { movesByHand } from "./moves-by-hand.ts";
import { wholeAssetChecks } from "./whole-asset-checks.ts";

wholeAssetChecks(postgresUnderTest);
movesByHand(postgresUnderTest);
