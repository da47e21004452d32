import { defineProject } from "millrace";
import * as api from "./api.ts";
import * as assets from "./assets.ts";

export default defineProject({ name: "shop", definitions: [assets, api] });
