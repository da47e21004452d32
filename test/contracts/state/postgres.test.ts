import { postgresUnderTest } from "./postgres-under-test.ts";
import { projectsContract } from "./projects.ts";
import { runsContract } from "./runs.ts";

projectsContract(postgresUnderTest);
runsContract(postgresUnderTest);
