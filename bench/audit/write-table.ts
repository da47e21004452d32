/** Writes the table that both sides read, as a step would: `write-table.ts <rows> <path>`. */
import { openTableEngine } from "../../src/tables/duckdb/open-table-engine.ts";
import { SqlTree } from "../../src/core/sql/sql-tree.ts";
import { rowsSql } from "../table-step/sql.ts";
import { columns } from "./columns.ts";

const [rows = "", path = ""] = process.argv.slice(2);
const engine = await openTableEngine({ mode: "batch" });
await engine.write({
  from: {
    sql: new SqlTree([{ part: "text", text: rowsSql(Number(rows), 0) }], "many", []),
    source: ({ asset }) => {
      throw new Error(`it reads no table, and ${asset} is none of it`);
    },
  },
  columns,
  path,
});
await engine.close();
