import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { env } from "../config/env.ts";
import { secret } from "../config/secret.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { resource } from "../resource/resource.ts";
import { defineProject, projectDefinition, type ProjectOptions } from "./project.ts";
import { missingVariables, resourceSettings } from "./resource-settings.ts";
import { validateProject } from "./validate-project.ts";

const warehouse = resource("warehouse", {
  config: z.object({ url: z.string(), pool: z.int().default(4), password: secret().optional() }),
  create: (_, { config }) => config.url,
});
const mail = resource("mail", { config: z.object({ from: z.string() }), create: () => 1 });

function projectOf(resources: unknown) {
  const options = { name: "test", definitions: [], resources } as ProjectOptions<[]>;
  return projectDefinition(defineProject(options)) ?? assert.fail();
}
/** The line of the call. */
const line = (): number => DefinitionSite.above(line).place.line ?? 0;

test("a project's settings are those of all environments, or of each when they are a function", () => {
  const same = projectOf([warehouse.with({ url: "here" })]);
  assert.deepEqual(validateProject(same), []);
  assert.deepEqual(
    same.resources.map(({ name }) => name),
    ["warehouse"],
  );
  const own = projectOf((environment: string) => [
    warehouse.with({ url: `of ${environment}` }),
    ...(environment === "main" ? [mail.with({ from: "us" })] : []),
  ]);
  const told = (environment: string) =>
    [...resourceSettings(own, environment).configs.values()].map(({ name, config }) => [name, config]);
  assert.deepEqual(told("main"), [
    ["warehouse", { url: "of main" }],
    ["mail", { from: "us" }],
  ]);
  assert.deepEqual(told("pr/7"), [["warehouse", { url: "of pr/7" }]]);
});

test("what is no setting is told: those of a list at once, those of a function for its environment", () => {
  const first = line() + 1;
  const one = warehouse.with({ url: "1" });
  const problems = validateProject(projectOf([warehouse, one, warehouse.with({ url: "2" })]));
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      "project test: resources[0] is not made by the with of a resource",
      `project test: the resource warehouse is configured twice: here and at ${import.meta.filename}:${first}`,
    ],
  );
  assert.equal(problems[1]?.place.line, first + 1);
  assert.match(validateProject(projectOf("warehouse"))[0]?.message ?? "", /resources must be a list of what/);
  const settings = (resources: unknown) =>
    resourceSettings(projectOf(resources), "main").problems.map(({ message }) => message);
  assert.match(settings(() => "warehouse")[0] ?? "", /resources must be a list/);
  assert.deepEqual(
    settings(() => {
      throw new Error("no such tenant");
    }),
    ["project test: resources failed for the environment main: no such tenant"],
  );
});

test("variables that are missing are told all at once, each once and with its place", () => {
  const here = line();
  const project = projectOf([
    warehouse.with({
      url: env("WAREHOUSE_URL"),
      pool: env("POOL", { default: "4" }),
      password: env("PASSWORD"),
    }),
    mail.with({ from: env("WAREHOUSE_URL") }),
  ]);
  const settings = resourceSettings(project, "main");
  const missing = missingVariables(settings, { PATH: "/bin", PASSWORD: "" });
  assert.equal(missing?.code, "ENVIRONMENT_VARIABLES_MISSING");
  assert.deepEqual(
    missing.problems.map(({ code, message, place }) => [
      code,
      message,
      place.resource,
      place.file,
      place.line,
    ]),
    [
      [
        "ENVIRONMENT_VARIABLE_MISSING",
        "WAREHOUSE_URL is not set, with which the resource warehouse is configured",
        "warehouse",
        import.meta.filename,
        here + 3,
      ],
    ],
  );
  assert.match(missing.message, new RegExp(`:${here + 3}  WAREHOUSE_URL is not set`));
  assert.equal(missingVariables(settings, {})?.problems.length, 2);
  assert.equal(missingVariables(settings, { WAREHOUSE_URL: "x", PASSWORD: "y" }), undefined);
});

test("what is no name of a variable is refused where it is written", () => {
  const here = line() + 1;
  const wrong = () => env("no-name");
  const isRefused = (error: unknown) => error instanceof MillraceError && error.place.line === here;
  assert.throws(wrong, isRefused);
});
