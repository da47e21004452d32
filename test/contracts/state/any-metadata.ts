import * as fc from "fast-check";
import { meta, type MetadataValue } from "millrace";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("__proto__", "constructor", "\0", "\uD800"),
);
const leaf = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  text.map((value) => meta.markdown(value)),
  fc.webUrl().map((value) => meta.url(value)),
  fc.date({ noInvalidDate: true }).map((value) => meta.timestamp(value)),
);
const name = text.filter((value) => value !== "" && value !== "$meta");
const { value } = fc.letrec<{ value: MetadataValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
    fc
      .array(fc.dictionary(name, tie("value"), { maxKeys: 3 }), { maxLength: 3 })
      .map((rows) => meta.table(rows)),
  ),
}));

/** Whatever JSON holds, dates and one of each kind, nested at will; names that break careless code among it. */
export const metadata: fc.Arbitrary<Readonly<Record<string, MetadataValue>>> = fc.dictionary(name, value, {
  maxKeys: 5,
});
