import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset } from "../asset/asset.ts";
import { multiAsset } from "../asset/multi-asset.ts";
import { partitions } from "../partition/partitions.ts";
import { RangeSet } from "../partition/range-set.ts";
import { PartitionSpace } from "../partition/space.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import { sql } from "../sql/sql.ts";
import { planDiagram } from "./plan-diagram.ts";
import type { PlannedSteps, PlanOutline } from "./plan-outline.ts";

const N = z.object({ n: z.int() });
const months = partitions.monthly({ start: "2001-01", end: "2001-03" });
const raw = asset("raw", { columns: N, partitions: months, sql: sql`select 1 as n` });
const { one, two } = multiAsset("both", {
  deps: { raw },
  outputs: { one: { columns: N }, two: { columns: N } },
  run: () => ({ one: [], two: [] }),
});
const total = asset("sales/total", { columns: N, sql: sql`from ${raw}, ${two}` });
const graph = new ProjectGraph({ assets: [raw, one, two, total] as unknown as AssetDefinition[] });
const definition = (key: string): AssetDefinition => graph.byKey.get(key) ?? assert.fail();
const space = (key: string): PartitionSpace => new PartitionSpace(definition(key).partitions);

function steps(key: string, given: Partial<PlannedSteps> = {}): PlannedSteps {
  const { computation } = definition(key);
  return {
    computation,
    outputs: computation.outputs.map(({ asset: made }) => ({ asset: made, asked: true, causes: [] })),
    certainty: "runs",
    causes: [{ cause: "missing" }],
    space: space(key),
    partitions: space(key).ranges(0),
    ...given,
  };
}

const outline = (given: Partial<PlanOutline>): PlanOutline => ({
  selection: "*",
  snapshot: 1,
  steps: [],
  blocked: [],
  without: [],
  leftBehind: [],
  held: [],
  retired: [],
  fresh: 0,
  ...given,
});

const shown = (given: Partial<PlanOutline>): readonly string[] =>
  planDiagram(outline(given), graph).filter((line) => !line.startsWith("  classDef"));

test("a plan's picture shows each asset once, why, and what it waits for", () => {
  const [first] = space("raw").ranges(0).ranges;
  const january = RangeSet.of([{ slice: "", from: first?.from ?? 0, to: (first?.from ?? 0) + 1 }]);
  const later = space("raw").ranges(0).difference(january);
  assert.deepEqual(
    shown({
      steps: [
        steps("raw", { partitions: january }),
        steps("raw", { partitions: later, causes: [{ cause: "code changed", changes: [] }] }),
        steps("both/one"),
        steps("sales/total", { certainty: "may run", causes: [] }),
      ],
    }),
    [
      "flowchart LR",
      '  n0["raw<br/>2001-01: runs: never materialized<br/>2001-02 to 2001-03, 2 partitions: runs: its code changed"]:::runs',
      '  n1["both<br/>makes both/one, both/two; runs: never materialized"]:::runs',
      '  n2["sales/total<br/>may run: if what it reads comes out different"]:::mayRun',
      "  n0 --> n1",
      "  n0 --> n2",
      "  n1 --> n2",
    ],
  );
});

test("what is read and left alone stands there without a reason; what is held is told by the asset", () => {
  const hold = { by: "ada", reason: 'bad "prices" <b>', at: 0 };
  const { computation } = definition("both/two");
  const held = {
    computation,
    space: space("both/two"),
    partitions: space("both/two").ranges(0),
    asset: definition("both/two"),
    hold,
    causes: [],
  };
  assert.deepEqual(shown({ held: [held], retired: [{ key: "old", assetId: 9 }] }), [
    "flowchart LR",
    '  n0["both/two<br/>held by ada (bad #34;prices#34; #60;b#62;), left alone"]:::held',
    '  n1["old<br/>retired: it has left the code"]:::retired',
    '  n2(["raw"])',
    "  n2 --> n0",
  ]);
});

test("nothing that a reason holds can leave its box", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (reason) => {
      const held = {
        computation: definition("raw").computation,
        space: space("raw"),
        partitions: space("raw").ranges(0),
        asset: definition("raw"),
        hold: { by: "ada", reason, at: 0 },
        causes: [],
      };
      const [, box = "", ...rest] = shown({ held: [held] });
      assert.match(box, /^ {2}n0\["raw<br\/>[^"<>\n\r]*"\]:::held$/);
      assert.deepEqual(rest, []);
    }),
  );
});
