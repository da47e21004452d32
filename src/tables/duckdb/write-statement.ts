import type { Column } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import type { Statement } from "../../ports/table-engine.ts";
import { checkedNumber } from "../wire/checked.ts";
import { fit } from "../wire/fit.ts";
import { copyTo, newFile } from "./parquet-file.ts";
import type { FaultError, Session } from "./session.ts";
import { asSubquery } from "./statement-analysis.ts";

export interface StatementWrite {
  readonly from: Statement;
  readonly columns: readonly Column[];
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs the statement straight into a file. Its columns are compared with the declared ones before anything runs. */
export async function writeStatement(
  session: Session,
  { from, columns, path, signal }: StatementWrite,
  mismatch: FaultError,
): Promise<{ rowCount: number; bytes: number }> {
  let rowCount = 0;
  const bytes = await newFile(path, () =>
    session.withStatement(from, { signal }, mismatch, async (ready) => {
      const fitted = fit(ready.analysis.columns, columns, "refuse");
      if (fitted.problems.length > 0) throw mismatch(fitted.problems.join("; "));
      const list = fitted.columns.map(
        ({ column, value }) => `${checkedNumber(column, value)} as ${quoteName(column.name)}`,
      );
      const result = await ready.runOnce(
        copyTo(`select ${list.join(", ")} from ${asSubquery(ready.rendered.text)} q`, path),
      );
      rowCount = Number(result.getChunk(0).getColumnVector(0).getItem(0));
    }),
  );
  return { rowCount, bytes };
}
