import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { isRecord, type OptionRules } from "../option-rules.ts";
import type { AssetDefinition } from "./asset-definition.ts";
import { multiAssetOptionRules, outputOptionRules } from "./asset-option-rules.ts";
import { defineComputation, type AssetBody, type Output } from "./computation.ts";
import {
  computationFacts,
  describeAsset,
  graphBody,
  givenOptions,
  invalidOption,
  kindOf,
  runBody,
  type Given,
  type GivenAssetOptions,
  type GivenComputationOptions,
} from "./define-asset.ts";

interface GivenMultiAsset extends GivenComputationOptions {
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly subset?: boolean;
}
interface GivenOutput extends GivenAssetOptions {
  readonly key?: string;
  readonly optional?: boolean;
}

/** Assets that one function makes. Mistakes in what they share are told with the first of them. */
export function defineMultiAsset(
  givenName: unknown,
  given: unknown,
  rules: OptionRules,
  site: DefinitionSite,
): Readonly<Record<string, AssetDefinition>> {
  const name = typeof givenName === "string" ? givenName : "";
  const outputs = isRecord(given) && isRecord(given["outputs"]) ? Object.entries(given["outputs"]) : [];
  if (outputs.length === 0) {
    const reason = "it needs outputs, for instance { orders: { columns: Order } }";
    const details = { what: "multi-asset", key: name === "" ? '""' : name, reason };
    throw new MillraceError("INVALID_OPTION", details, { place: site.place });
  }
  const shared: MillraceError[] = [];
  const options = givenOptions<GivenMultiAsset>(
    given,
    rules,
    invalidOption("multi-asset", name, site, shared),
  );
  const body = rules === multiAssetOptionRules ? codeOf(options) : graphBody(name, options, site);
  const facts = {
    ...computationFacts(name, options, body, site),
    named: true,
    subset: options.options.subset ?? false,
  };
  const computation = defineComputation(facts, (own) =>
    outputs.map(([output, described], index): Output => {
      const problems: MillraceError[] = index === 0 ? shared : [];
      const fallback = `${name}/${output}`;
      const key = isRecord(described) && typeof described["key"] === "string" ? described["key"] : fallback;
      const invalid = invalidOption("asset", key, site, problems);
      const told = givenOptions<GivenOutput>(described, outputOptionRules, invalid);
      const asset = describeAsset(key, kindOf(told), told, own, problems, site);
      return { name: output, asset, optional: told.options.optional ?? false };
    }),
  );
  return Object.freeze(
    Object.fromEntries(computation.outputs.map(({ name: output, asset }) => [output, asset])),
  );
}

function codeOf({ options, gives, invalid }: Given<GivenMultiAsset>): AssetBody {
  if (!gives("run")) invalid("it needs run, a function");
  return runBody(options.run, invalid);
}
