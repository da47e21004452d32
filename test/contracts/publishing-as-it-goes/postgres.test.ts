import { postgresUnderTest } from "../state/postgres-under-test.ts";
import { publishingAsItGoes } from "./publishing-as-it-goes.ts";
import { stayingBehind } from "./staying-behind.ts";

publishingAsItGoes(postgresUnderTest);
stayingBehind(postgresUnderTest);
