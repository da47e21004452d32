import type { ColumnType } from "../../core/column/column.ts";
import { text } from "../sql/literal.ts";
import { eachElement, fieldOf } from "./nested-sql.ts";
import { unreachable } from "../../core/unreachable.ts";

/** SQL for a value's plain text, as it stands in CSV and between the quotes of a JSON string; NULL stays NULL. */
export function plainText(value: string, type: ColumnType, depth = 0): string {
  switch (type.kind) {
    case "varchar":
      return value;
    case "float":
    case "double":
      // Adding nothing turns −0 into 0.
      return `cast(cast(${value} as DOUBLE) + 0.0 as VARCHAR)`;
    case "decimal":
      // The engine writes no zero before the point when all digits stand behind it.
      return type.precision === type.scale
        ? `regexp_replace(cast(${value} as VARCHAR), '^(-?)\\.', '\\10.')`
        : `cast(${value} as VARCHAR)`;
    case "timestamp":
      return `replace(cast(${value} as VARCHAR), ' ', 'T')`;
    case "timestamptz":
      return type.as === "date"
        ? `strftime(make_timestamp(epoch_us(${value})), '%Y-%m-%dT%H:%M:%S.%gZ')`
        : `(replace(cast(make_timestamp(epoch_us(${value})) as VARCHAR), ' ', 'T') || 'Z')`;
    case "blob":
      return `base64(${value})`;
    case "list":
    case "struct":
      return jsonText(value, type, depth);
    case "boolean":
    case "integer":
    case "uinteger":
    case "safe_integer":
    case "bigint":
    case "ubigint":
    case "date":
    case "time":
    case "uuid":
      return `cast(${value} as VARCHAR)`;
  }
  return unreachable(type);
}

/** Is a value's JSON its plain text between quotes, without anything to escape? Then others may write the quotes. */
export function isQuoted({ kind }: ColumnType): boolean {
  return quoted.has(kind);
}

const quoted: ReadonlySet<ColumnType["kind"]> = new Set([
  "bigint",
  "ubigint",
  "decimal",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
  "blob",
]);

/** SQL for a value's JSON; NULL stays NULL. */
export function jsonText(value: string, type: ColumnType, depth = 0): string {
  switch (type.kind) {
    case "varchar":
      return `cast(to_json(${value}) as VARCHAR)`;
    case "boolean":
    case "integer":
    case "uinteger":
    case "safe_integer":
    case "float":
    case "double":
      return plainText(value, type);
    case "list": {
      const elements = eachElement(value, depth, (element, inner) =>
        orNull(jsonText(element, type.element.type, inner)),
      );
      return `('[' || array_to_string(${elements}, ',') || ']')`;
    }
    case "struct": {
      const fields = type.fields.map(
        (field, index) =>
          `${text(`${index === 0 ? "{" : ","}${JSON.stringify(field.name)}:`)} || ` +
          orNull(jsonText(fieldOf(value, field.name), field.type, depth)),
      );
      return `case when ${value} is null then null else ${fields.join(" || ")} || '}' end`;
    }
    case "bigint":
    case "ubigint":
    case "decimal":
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "uuid":
    case "blob":
      return `('"' || ${plainText(value, type)} || '"')`;
  }
  return unreachable(type);
}

function orNull(json: string): string {
  return `coalesce(${json}, 'null')`;
}

/** SQL for a CSV cell (RFC 4180); NULL is nothing at all, the empty string `""`. */
export function csvCell(value: string, type: ColumnType): string {
  const plain = plainText(value, type);
  if (type.kind !== "varchar" && type.kind !== "list" && type.kind !== "struct")
    return `coalesce(${plain}, '')`;
  return (
    `case when ${value} is null then '' when ${plain} = '' or regexp_matches(${plain}, '[",\\r\\n]') ` +
    `then '"' || replace(${plain}, '"', '""') || '"' else ${plain} end`
  );
}
