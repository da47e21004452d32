import { selfReference } from "../../core/check/check.ts";
import type { CheckDefinition } from "../../core/check/check-definition.ts";
import { isRecordedRule } from "../../core/check/recorded-answer.ts";
import { MillraceError } from "../../core/errors.ts";
import type { TableRef } from "../../core/sql/sql-tree.ts";
import type { AuditRule, Statement, TableSource } from "../../ports/table-engine.ts";

/** What the rules of an audit are about and compare it with. */
export interface AuditSubject {
  readonly self: TableSource;
  readonly partition: Statement["partition"];
  readonly now: number;
  /** What a table other than the one under test stands for. */
  source(table: TableRef): TableSource;
}

/** Those checks that the table engine answers. */
export function engineChecks(checks: readonly CheckDefinition[]): readonly CheckDefinition[] {
  return checks.filter(({ rule }) => rule.rule !== "run" && !isRecordedRule(rule));
}

export function auditRule({ name, rule, timeoutMs }: CheckDefinition, subject: AuditSubject): AuditRule {
  const timeLimitMs = timeoutMs;
  const { self, partition, now } = subject;
  switch (rule.rule) {
    case "no_rows": {
      const source = (table: TableRef): TableSource =>
        table.asset === selfReference ? self : subject.source(table);
      const statement: Statement = {
        sql: rule.sql,
        source,
        partition,
      };
      return { rule: "no_rows", statement, timeLimitMs };
    }
    case "references": {
      const { columns, others } = rule;
      return {
        rule: "references",
        columns,
        source: subject.source({ asset: rule.asset.key }),
        others,
        timeLimitMs,
      };
    }
    case "freshness": {
      const { column, maxAgeMs } = rule;
      if (column !== undefined) return { rule: "freshness", column, maxAgeMs, now, timeLimitMs };
      break;
    }
    case "not_null":
    case "unique":
    case "accepted":
    case "range":
    case "row_count":
      return { ...rule, timeLimitMs };
    default:
  }
  throw new MillraceError("INTERNAL", { reason: `the check ${name} is not for the engine` });
}
