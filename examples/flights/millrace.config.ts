import { defineProject } from "millrace";
import * as api from "./api.ts";
import * as delays from "./assets/delays.ts";
import * as flights from "./assets/flights.ts";
import * as prediction from "./assets/prediction.ts";

export default defineProject({ name: "flights", definitions: [flights, delays, prediction, api] });
