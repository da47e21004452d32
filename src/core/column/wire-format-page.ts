import { wireFormat, wireFormatVersion, type WireFormatRow } from "./wire-format.ts";

const introduction = `# The wire format

Generated from src/core/column/wire-format.ts; a test compares the two. Version ${wireFormatVersion}.

One table says how a value looks wherever it is met: declared in a schema, held in Parquet, sent as JSON or CSV, read
and written by TypeScript. Every path uses it, so a value that went through a file, a response or a cache is the same
value. What the table does not list no column can hold: the project does not load, and the error names the column.
`;

const rules = `
## NULL

A column takes NULL only when its schema is \`.nullable()\`. In JSON and in TypeScript it is \`null\`; in CSV the cell
is empty, while the empty string is \`""\`. \`.optional()\` is refused: a column always has a value or NULL.

## Rules

Refinements become rules that the engine checks, over a whole table at once: \`min\`, \`max\`, \`gt\`, \`lt\`,
\`length\`, \`regex\`, \`multipleOf\`, enums and literals. Lengths count as JavaScript counts them. Patterns are matched
by code point, as with the \`u\` flag; lookaround and back references have no counterpart and are refused. Brands,
defaults, \`.readonly()\`, descriptions and metadata pass. Refused when the project loads: \`.refine()\`, transforms,
pipes, coercion, \`.catch()\`, \`trim\` and the like, unions (but for one type and \`null\`), \`z.any()\`, \`z.record()\`.

## JSON

Numbers parse to the exact value they had. The engine writes them, so \`1.0\` and \`1e-07\` occur. No blank space.

## CSV

RFC 4180: a header line, lines end in CRLF, a cell that holds a comma, a quote or a line break is quoted, and quotes
inside are doubled. UTF-8 without a byte order mark.

## Bound parameters

A value interpolated in \`sql\` is bound as what it would be if it stood there in the text: a string is a string
literal, so \`\${"2001-01-31"}\` compares with a DATE and \`\${"1.50"}\` with a DECIMAL; a whole number is INTEGER, or BIGINT
when it is larger; other numbers are DOUBLE; a bigint is BIGINT or HUGEINT; a Date is TIMESTAMP WITH TIME ZONE; a
\`Uint8Array\` is BLOB; an array is a list, for \`column in \${list}\`. The session's time zone is UTC.

## Instants and local times

\`z.iso.datetime({ local: true })\` of zod also takes a text with \`Z\`; the column that it declares, TIMESTAMP, has no
zone. A row from TypeScript whose text for it has \`Z\` or an offset is refused. Wherever else an instant meets a
TIMESTAMP it becomes its date and time in UTC: a bound Date, a bound text such as \`2001-01-01T10:30+02:00\`, a text or
an instant in an external file. The seconds of a bound ISO text may be left away: \`2001-01-01T10:30Z\`.

## What is converted silently

A statement's columns are laid on the declared ones by name. Whole numbers fit every wider and narrower whole-number
type and fail the query when a value does not fit; whole numbers and decimals fit \`z.number()\`, smaller decimals fit
larger ones, dates fit local timestamps. Everything else needs a cast in the SQL. Read from an external file, text is
parsed, and timestamps without a zone are UTC. From a part written with an older schema, whole numbers, decimals and
floats are widened, and a nullable column that is not there is NULL.

## Columns that nobody declared

Rows of a statement without declared columns have the type of this table that holds them without loss. 64-bit whole
numbers are then JavaScript numbers, and the query fails beyond ±(2^53−1); instants are strings.
`;

/** The reference page of the wire format, as Markdown. */
export function wireFormatPage(): string {
  const rows = Object.values<WireFormatRow>(wireFormat);
  const table = [
    "| zod | engine | JSON | CSV | TypeScript | Arrow | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ zod, engine, json, csv, javascript, arrow, notes }) =>
        `| ${[zod, engine, json, csv, javascript, arrow, notes].map(cell).join(" | ")} |`,
    ),
  ];
  const examples = [
    "| engine | TypeScript | JSON | CSV |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ engine, example }) => {
      const shown = [
        code(inTypeScript(example.javascript)),
        code(example.json),
        code(JSON.stringify(example.csv)),
      ];
      return `| ${[engine, ...shown].map(cell).join(" | ")} |`;
    }),
  ];
  return [
    introduction,
    ...table,
    rules,
    "## Examples",
    "",
    "CSV cells are shown as JavaScript strings.",
    "",
    ...examples,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function code(text: string): string {
  return `\`${text}\``;
}

function inTypeScript(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(inTypeScript).join(", ")}]`;
  return JSON.stringify(value);
}
