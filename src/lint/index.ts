/** Rules for ESLint and oxlint, which find in graph functions what neither tsc nor a run can notice. */
import { noRefCondition } from "./no-ref-condition.ts";

const plugin = { meta: { name: "millrace" }, rules: { "no-ref-condition": noRefCondition } };

export default plugin;
