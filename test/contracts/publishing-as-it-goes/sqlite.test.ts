import { sqliteUnderTest } from "../state/sqlite-under-test.ts";
import { publishingAsItGoes } from "./publishing-as-it-goes.ts";
import { stayingBehind } from "./staying-behind.ts";

publishingAsItGoes(sqliteUnderTest);
stayingBehind(sqliteUnderTest);
