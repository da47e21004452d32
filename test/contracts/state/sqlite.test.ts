import { projectsContract } from "./projects.ts";
import { runsContract } from "./runs.ts";
import { sqliteUnderTest } from "./sqlite-under-test.ts";

projectsContract(sqliteUnderTest);
runsContract(sqliteUnderTest);
