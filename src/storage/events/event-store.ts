import type { RunEvent } from "../../core/run/event.ts";
import type { EventQuery, EventStore } from "../../ports/state/event-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Database } from "../database/database.ts";
import { all, first, type Script } from "../database/script.ts";

export class SqlEventStore implements EventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(scope: Scope, query: EventQuery): Promise<readonly RunEvent[]> {
    return this.#database.read(() => readEvents(scope, query));
  }

  head(scope: Scope): Promise<number> {
    return this.#database.read(() => readHead(scope));
  }
}

interface EventRow {
  readonly position: number;
  readonly at: number;
  readonly type: string;
  readonly run_id: string | null;
  readonly step: string | null;
  readonly asset: string | null;
  readonly data: string;
}

const columns = "position, at, type, run_id, step, asset, data";

function* readEvents(scope: Scope, query: EventQuery): Script<readonly RunEvent[]> {
  const { after = 0, runId, asset, types, limit = 1000 } = query;
  const wanted: [condition: string, ...params: (string | number)[]][] = [
    ["environment_id = ?", scope.environmentId],
    ["position > ?", after],
  ];
  if (runId !== undefined) wanted.push(["run_id = ?", runId]);
  if (asset !== undefined) wanted.push(["asset = ?", asset]);
  if (types !== undefined) wanted.push([`type in (${types.map(() => "?").join(", ")})`, ...types]);
  const rows = yield* all<EventRow>(
    `select ${columns} from event where ${wanted.map(([condition]) => condition).join(" and ")}
     order by position limit ?`,
    ...wanted.flatMap(([, ...params]) => params),
    limit,
  );
  return rows.map(eventOf);
}

function* readHead(scope: Scope): Script<number> {
  const row = yield* first<{ event_position: number }>(
    "select event_position from project where id = ?",
    scope.projectId,
  );
  return row?.event_position ?? 0;
}

/** What was written is read as it is: data and type belonged together then. */
function eventOf(row: EventRow): RunEvent {
  return {
    position: row.position,
    at: row.at,
    type: row.type,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.step === null ? {} : { step: row.step }),
    ...(row.asset === null ? {} : { asset: row.asset }),
    data: JSON.parse(row.data) as unknown,
  } as RunEvent;
}
