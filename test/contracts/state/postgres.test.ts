import { claimsContract } from "./claims.ts";
import { eventsContract } from "./events.ts";
import { pointerModelContract } from "./pointer-model.ts";
import { postgresUnderTest } from "./postgres-under-test.ts";
import { processesContract } from "./processes.ts";
import { projectsContract } from "./projects.ts";
import { publishingContract } from "./publishing.ts";
import { runsContract } from "./runs.ts";
import { transactionsContract } from "./transactions.ts";

projectsContract(postgresUnderTest);
runsContract(postgresUnderTest);
claimsContract(postgresUnderTest);
publishingContract(postgresUnderTest);
pointerModelContract(postgresUnderTest);
eventsContract(postgresUnderTest);
transactionsContract(postgresUnderTest);
processesContract(postgresUnderTest);
