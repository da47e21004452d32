import type { Location } from "../../../src/core/catalog/version.ts";
import { collect, hour, pass, removeFiles } from "./hand-clock.ts";
import type { TestDatabase } from "./database-under-test.ts";
import { days, longLease, owner, staged, type TestProject, TestRun } from "./test-project.ts";

/** Something that is done to state, once, and can be done again when it has failed. */
export interface StateChange {
  readonly name: string;
  /** What has to be there first, besides all changes before this one. */
  readonly before?: (project: TestProject, made: TestDatabase) => Promise<unknown>;
  readonly change: (project: TestProject) => Promise<unknown>;
  /** It is made of several transactions: what is in the first ones stays. */
  readonly inPieces?: true;
}

const me = { by: "ada", reason: "audit" };
const file = (id: string): Location => ({ store: "here", files: [`days/${id}/0.parquet`] });
const days04 = (project: TestProject) => project.step("days", days(0, 4));

/** A run that is known by its id, as a process that begins anew would find it. */
async function found(project: TestProject, id: string): Promise<TestRun> {
  const run = await project.state.runs.get(project.scope, id);
  if (run === undefined) throw new Error(`no run ${id}`);
  const lease = { runId: id, token: run.token, snapshot: run.snapshot };
  return new TestRun(project, lease, [project.step("orders"), days04(project)]);
}

const evaluation = (versionId: string) => ({
  versionId,
  check: "not_null",
  scope: "partition" as const,
  passed: true,
  blocking: true,
  severity: "error" as const,
  reads: [],
  evaluatedAt: 1,
});

/** A run from its launch to its end; `n` tells its ids from those of others. */
function ofRun(n: number): readonly StateChange[] {
  const [id, orders, stretch] = [`run ${n}`, `o${n}`, `d${n}`];
  return [
    {
      name: `launch ${n}`,
      change: (project) => project.run([project.step("orders"), days04(project)], { id }),
    },
    {
      name: `write ${n}`,
      change: async (project) => {
        const [one, two] = [project.step("orders").key, days04(project).key];
        await (
          await found(project, id)
        ).apply(
          { change: "step.started", step: one },
          { change: "version.intended", step: one, asset: "orders", versionId: orders, kind: "table" },
          { change: "step.started", step: two },
          { change: "version.intended", step: two, asset: "days", versionId: stretch, kind: "table" },
        );
      },
    },
    {
      name: `stage and check ${n}`,
      change: async (project) => {
        const made = [
          [project.step("orders").key, "orders", orders],
          [days04(project).key, "days", stretch],
        ] as const;
        await (
          await found(project, id)
        ).apply(
          ...made.flatMap(([step, asset, versionId]) => [
            {
              change: "version.staged" as const,
              step,
              asset,
              version: staged({
                id: versionId,
                kind: "table",
                location: file(versionId),
                dataVersion: versionId,
                bytes: 10,
                inputs: [{ asset: "days", snapshot: n - 1, dataVersion: "x" }],
              }),
            },
            { change: "check.evaluated" as const, step, asset, evaluation: evaluation(versionId) },
            { change: "step.succeeded" as const, step, versionIds: [versionId] },
          ]),
        );
      },
    },
    {
      name: `publish ${n}`,
      change: async (project) =>
        (await found(project, id)).publish({ versionIds: [orders, stretch], force: true }),
    },
    { name: `end ${n}`, change: async (project) => (await found(project, id)).end() },
  ];
}

/** All that runs, people and collections do to the catalog, in an order in which each of them has something to do. */
export const stateChanges: readonly StateChange[] = [
  ...ofRun(1),
  ...ofRun(2),
  {
    name: "take over",
    before: (project) => project.run([project.step("orders")], { id: "lost" }),
    change: (project) => project.state.runs.takeOver(project.scope, "lost", 1, owner, longLease),
  },
  {
    name: "end what was taken over",
    change: async (project) => (await found(project, "lost")).end("canceled", "given up"),
  },
  {
    name: "roll back",
    change: (project) =>
      project.state.holds.rollBack(project.scope, {
        targets: targets(project),
        to: { snapshot: 1 },
        ...me,
      }),
  },
  {
    name: "release",
    before: (project) => project.materialize([project.step("orders"), { id: "waits", dataVersion: "waits" }]),
    change: (project) =>
      project.state.holds.release(project.scope, { targets: targets(project), publish: true, ...me }),
  },
  {
    name: "compact",
    before: async (project) => {
      await project.materialize(
        ...[5, 6].map((day) => {
          const id = `small ${day}`;
          return [project.step("days", days(day)), { id, location: file(id), bytes: 10 }] as const;
        }),
      );
      await project.state.locations.intend(project.scope, "the-pack", 1_000 * hour);
    },
    change: (project) => {
      const moves = [5, 6].map((day, index) => {
        const id = `small ${day}`;
        const rows = { from: index * 10, to: index * 10 + 10, bytes: 10, pack: { rows: 20, bytes: 40 } };
        const to: Location = { store: "here", files: [{ file: "days/the-pack/0.parquet", ...rows }] };
        return { versionId: id, from: file(id), to };
      });
      const rewriting = { asset: "days", pack: "the-pack", bytes: 40, moves };
      return project.state.locations.rewrite(project.scope, rewriting);
    },
  },
  {
    name: "collect",
    before: (_, made) => pass(made, 20 * hour),
    change: (project) => collect(project),
    inPieces: true,
  },
  {
    name: "remove what was collected",
    before: (_, made) => pass(made, 20 * hour),
    change: (project) => removeFiles(project),
    inPieces: true,
  },
];

const targets = (project: TestProject) => ["orders", "days"].map((key) => ({ key, ...project.asset(key) }));
