import { defineProject } from "millrace";
import * as fanOut from "./fan-out.ts";
import * as flights from "./flights.ts";
import * as report from "./report.ts";

export default defineProject({ name: "ops", definitions: [flights, report, fanOut] });
