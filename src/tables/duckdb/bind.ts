import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  SQLNULL,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { MillraceError } from "../../core/errors.ts";
import type { SqlValue } from "../../core/sql/sql-tree.ts";
import type { BoundValue } from "../sql/render.ts";
import { datetimeText, isInstant } from "./datetime-text.ts";

/** A value with the type it is bound as. */
export interface Parameter {
  readonly type: DuckDBType;
  readonly value: DuckDBValue;
}

/** Values as the engine takes them. Numbers get the type that the same number would have if it stood in the SQL. */
export function parametersOf(values: readonly BoundValue[]): Parameter[] {
  return values.map((value) => ({ type: typeOf(value), value: engineValue(value) }));
}

/** Equal for statements whose parameters have equal types, and so columns of equal types. */
export function signatureOf(parameters: readonly Parameter[]): string {
  return parameters.map(({ type }) => String(type)).join();
}

export function bind(statement: DuckDBPreparedStatement, parameters: readonly Parameter[]): void {
  if (statement.parameterCount > parameters.length) {
    throw new MillraceError("SQL_FAILED", {
      reason: "it has parameters of its own (? or $1); interpolate values instead",
    });
  }
  for (const [index, { type, value }] of parameters.entries()) {
    statement.bindValue(index + 1, readable(value, statement, index + 1), type);
  }
}

/** A text may have to be written in another way, by the type that the statement has for it. */
function readable(value: DuckDBValue, statement: DuckDBPreparedStatement, parameter: number): DuckDBValue {
  if (typeof value !== "string" || !isInstant(value) || parameter > statement.parameterCount) return value;
  return datetimeText(value, statement.parameterTypeId(parameter));
}

function typeOf(value: BoundValue): DuckDBType {
  switch (typeof value) {
    case "string":
      return VARCHAR;
    case "boolean":
      return BOOLEAN;
    case "bigint":
      return fits(value, 64n) ? BIGINT : HUGEINT;
    case "number":
      if (!Number.isSafeInteger(value)) return DOUBLE;
      return value >= -(2 ** 31) && value < 2 ** 31 ? INTEGER : BIGINT;
    default:
  }
  if (value === null) return SQLNULL;
  if (value instanceof Date) return TIMESTAMPTZ;
  if (value instanceof Uint8Array) return BLOB;
  return "local" in value ? TIMESTAMP : LIST(elementType(value));
}

/** The narrowest type that holds all elements. */
function elementType(values: readonly SqlValue[]): DuckDBType {
  let type: DuckDBType = SQLNULL;
  for (const value of values) {
    const next = typeOf(value);
    if (next.typeId === SQLNULL.typeId) continue;
    if (type.typeId === SQLNULL.typeId) type = next;
    else if (String(type) !== String(next)) type = wider(type, next);
  }
  return type;
}

const numbers = [INTEGER, BIGINT, HUGEINT, DOUBLE];

function wider(a: DuckDBType, b: DuckDBType): DuckDBType {
  const rank = (type: DuckDBType): number => numbers.findIndex(({ typeId }) => typeId === type.typeId);
  const widest = numbers[Math.max(rank(a), rank(b))];
  if (rank(a) === -1 || rank(b) === -1 || widest === undefined) {
    throw new MillraceError("SQL_VALUE_UNSUPPORTED", {
      before: "…",
      type: `a list that mixes ${String(a)} and ${String(b)}`,
    });
  }
  return widest;
}

function engineValue(value: BoundValue): DuckDBValue {
  if (typeof value === "bigint" && !fits(value, 128n)) {
    throw new MillraceError("SQL_VALUE_UNSUPPORTED", {
      before: "…",
      type: "a whole number of more than 128 bits",
    });
  }
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return value >= -(2 ** 31) && value < 2 ** 31 ? value : BigInt(value);
  }
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value);
  if ("local" in value) return new DuckDBTimestampValue(BigInt(value.local.getTime()) * 1000n);
  const type = elementType(value);
  return listValue(value.map((element) => elementValue(element, type)));
}

/** Elements take the list's type: a small number in a list of large ones is bound as they are. */
function elementValue(value: SqlValue, type: DuckDBType): DuckDBValue {
  if (typeof value === "number" && type.typeId !== INTEGER.typeId && type.typeId !== DOUBLE.typeId)
    return BigInt(value);
  if (typeof value === "bigint" && type.typeId === DOUBLE.typeId) return Number(value);
  const converted = engineValue(value);
  return typeof converted === "bigint" && type.typeId === DOUBLE.typeId ? Number(converted) : converted;
}

function fits(value: bigint, size: bigint): boolean {
  return BigInt.asIntN(Number(size), value) === value;
}
