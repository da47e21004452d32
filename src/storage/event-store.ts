import type { EventType, RunEvent } from "../core/run/event.ts";
import type { EventQuery, EventStore } from "../ports/state/event-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Database } from "./database.ts";
import { all, type Script } from "./script.ts";

export class SqlEventStore implements EventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(scope: Scope, query: EventQuery): Promise<readonly RunEvent[]> {
    return this.#database.read(() => readEvents(scope, query));
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

function* readEvents(
  scope: Scope,
  { after = 0, runId, limit = 1000 }: EventQuery,
): Script<readonly RunEvent[]> {
  const rows =
    runId === undefined
      ? yield* all<EventRow>(
          `select ${columns} from event where environment_id = ? and position > ? order by position limit ?`,
          scope.environmentId,
          after,
          limit,
        )
      : yield* all<EventRow>(
          `select ${columns} from event
           where run_id = ? and position > ? and environment_id = ? order by position limit ?`,
          runId,
          after,
          scope.environmentId,
          limit,
        );
  return rows.map(eventOf);
}

function eventOf(row: EventRow): RunEvent {
  return {
    position: row.position,
    at: row.at,
    type: row.type as EventType,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.step === null ? {} : { step: row.step }),
    ...(row.asset === null ? {} : { asset: row.asset }),
    data: JSON.parse(row.data) as RunEvent["data"],
  };
}
