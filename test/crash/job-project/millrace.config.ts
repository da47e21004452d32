import { appendFileSync } from "node:fs";
import { asset, defineProject, job, op, sql } from "millrace";
import * as z from "zod";

/** Proof on disk that code ran. */
function ran(step: string): void {
  appendFileSync(process.env["STEP_LOG"] ?? "/dev/null", `${step}\n`);
}

export const letters = asset("letters", {
  columns: z.object({ letter: z.string() }),
  sql: sql`select unnest(['a', 'b', 'c']) as letter`,
});

const read = op("read", {
  deps: { letters },
  output: z.array(z.string()),
  async run({ letters: rows }) {
    ran("read");
    return (await rows.rows()).map(({ letter }) => letter).toSorted((a, b) => a.localeCompare(b));
  },
});

/** Too large for state: it lies in the store. */
const padding = op("padding", {
  output: z.object({ text: z.string(), until: z.date(), size: z.bigint() }),
  run() {
    ran("padding");
    return { text: "x".repeat(100_000), until: new Date(86_400_000), size: 2n ** 80n };
  },
});

const pair = op("pair", {
  input: z.object({ letter: z.string(), number: z.int() }),
  output: z.string(),
  run({ input: { letter, number } }) {
    ran(`pair ${letter}${number}`);
    return `${letter}${number}`;
  },
});

const isEarly = op("is_early", {
  input: z.object({ letter: z.string() }),
  output: z.boolean(),
  run({ input: { letter } }) {
    ran(`is_early ${letter}`);
    return letter < "b";
  },
});

const shout = op("shout", {
  input: z.object({ letter: z.string() }),
  output: z.string(),
  async run({ input: { letter } }, { checkpoint }) {
    return checkpoint("upper", () => {
      ran(`shout ${letter}`);
      return letter.toUpperCase();
    });
  },
});

const join = op("join", {
  input: z.object({
    parts: z.array(z.object({ pairs: z.array(z.string()), name: z.string() })),
    padding: z.object({ text: z.string(), until: z.date(), size: z.bigint() }),
  }),
  output: z.string(),
  run({ input: { parts, padding: pad } }) {
    ran("join");
    const texts = parts.map(({ pairs, name }) => `${name}:${pairs.join("+")}`);
    return `${texts.join(" ")} ${pad.text.length} ${pad.until.toISOString()} ${pad.size}`;
  },
});

/** Assets, ops that read them, a list in a list, a branch for each item, and a value that is large. */
export const tree = job("tree", {
  graph({ map, when, materialize }) {
    const made = materialize(letters);
    const found = read(null, { after: made });
    const parts = map(
      found,
      (letter) => ({
        pairs: map([1, 2], (number) => pair({ letter, number })),
        name: when(
          isEarly({ letter }),
          () => shout({ letter }),
          () => letter,
        ),
      }),
      { key: (letter) => letter },
    );
    return join({ parts, padding: padding() });
  },
});

export default defineProject({ name: "jobs", definitions: [{ letters, tree }] });
