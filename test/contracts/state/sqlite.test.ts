import { claimsContract } from "./claims.ts";
import { eventsContract } from "./events.ts";
import { pointerModelContract } from "./pointer-model.ts";
import { processesContract } from "./processes.ts";
import { projectsContract } from "./projects.ts";
import { publishingContract } from "./publishing.ts";
import { runsContract } from "./runs.ts";
import { sqliteUnderTest } from "./sqlite-under-test.ts";
import { transactionsContract } from "./transactions.ts";

projectsContract(sqliteUnderTest);
runsContract(sqliteUnderTest);
claimsContract(sqliteUnderTest);
publishingContract(sqliteUnderTest);
pointerModelContract(sqliteUnderTest);
eventsContract(sqliteUnderTest);
transactionsContract(sqliteUnderTest);
processesContract(sqliteUnderTest);
