import { MillraceError } from "../../core/errors.ts";
import type { Packed, PackRequest, TableSource } from "../../ports/table-engine.ts";
import { dataVersionText, rowHashes, sumOfHashes } from "./data-version.ts";
import type { EngineConnection } from "./engine-connection.ts";
import { engineFailure } from "./engine-failure.ts";
import { copyTo, newFile } from "./parquet-file.ts";
import { parquetScan } from "./scan.ts";
import type { FaultError, Session } from "./session.ts";
import { viewQuery } from "./view-query.ts";

const internal: FaultError = (reason) => new MillraceError("INTERNAL", { reason });

/** What is found of the rows of one member. */
interface Sums {
  readonly rowCount: number;
  readonly first: bigint;
  readonly second: bigint;
  /** Changes with the order of the rows, too. */
  readonly inOrder: bigint;
}

const noRows: Sums = { rowCount: 0, first: 0n, second: 0n, inOrder: 0n };

/** Copies tables into one file, then reads both: what there was and what has become of it. */
export async function packTables(session: Session, request: PackRequest): Promise<Packed> {
  const { columns, members, path, signal } = request;
  const parts = members.flatMap((member) => member.parts);
  const source: TableSource = { key: request.key, columns, parts, id: path };
  return session.withSources([], { signal }, internal, async (connection) => {
    const { duckdb } = connection;
    try {
      const query = await viewQuery(duckdb, source);
      const bytes = await newFile(path, async () => {
        await duckdb.run(copyTo(query, path));
      });
      const before = await sumsOf(query, request, connection);
      const after = await sumsOf(`select * from ${parquetScan([path])}`, request, connection);
      const [[version] = []] = await (await duckdb.run("select version()")).getRows();
      return {
        bytes,
        members: members.map((_, index) => {
          const [was, is] = [before.get(index) ?? noRows, after.get(index) ?? noRows];
          const same = was.rowCount === is.rowCount && was.inOrder === is.inOrder && was.first === is.first;
          return { dataVersion: dataVersionText(String(version), is.rowCount, is.first, is.second), same };
        }),
      };
    } catch (thrown) {
      throw await engineFailure(duckdb, thrown, [source]);
    }
  });
}

/** Of each member, found by where its rows lie among all. */
async function sumsOf(
  query: string,
  { columns, members }: PackRequest,
  { duckdb }: EngineConnection,
): Promise<ReadonlyMap<number, Sums>> {
  const [first, second] = rowHashes(columns);
  const starts: string[] = [];
  let at = 0;
  for (const [index, { rowCount }] of members.entries()) {
    if (rowCount > 0) starts.push(`(${index}, ${at})`);
    at += rowCount;
  }
  if (starts.length === 0) return new Map();
  const rows = `select row_number() over () - 1 as place, ${first} as one, ${second} as two from (${query})`;
  const result = await duckdb.run(
    `select m.member, count(*), ${sumOfHashes("one")}, ${sumOfHashes("two")}, ${sumOfHashes("hash(place, one)")}
     from (${rows}) r asof join (values ${starts.join(", ")}) m (member, start) on r.place >= m.start
     group by m.member`,
  );
  return new Map(
    (await result.getRows()).map(([member, rowCount, one, two, inOrder]) => [
      Number(member),
      {
        rowCount: Number(rowCount),
        first: BigInt(String(one)),
        second: BigInt(String(two)),
        inOrder: BigInt(String(inOrder)),
      },
    ]),
  );
}
