import type {
  EvaluationRecord,
  EvaluationStore,
  LaterEvaluation,
} from "../../ports/state/evaluation-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { evaluatedEvent } from "./evaluated-event.ts";
import type { Database } from "../database/database.ts";
import { insertEvaluations, readHistory } from "./evaluations.ts";
import { run, type Script } from "../database/script.ts";

export class SqlEvaluationStore implements EvaluationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  record(scope: Scope, evaluations: readonly LaterEvaluation[]): Promise<void> {
    return this.#database.write(() => recordEvaluations(scope, evaluations));
  }

  history(scope: Scope, assetId: number, check: string, limit: number): Promise<readonly EvaluationRecord[]> {
    return this.#database.read(() => readHistory(scope, assetId, check, limit));
  }
}

function* recordEvaluations(scope: Scope, evaluations: readonly LaterEvaluation[]): Script<void> {
  if (evaluations.length === 0) return;
  yield* insertEvaluations(scope, evaluations);
  yield* run("update environment set recheck = recheck + 1 where id = ?", scope.environmentId);
  const at = Math.max(...evaluations.map(({ evaluatedAt }) => evaluatedAt));
  yield* appendEvents(
    scope,
    at,
    evaluations.map((evaluation) => evaluatedEvent(evaluation, { asset: evaluation.asset })),
  );
}
