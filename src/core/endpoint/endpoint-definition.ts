import type { AssetDefinition } from "../asset/asset-definition.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { ResourceMap } from "../resource/resource-definition.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { Method } from "./route.ts";

/** An endpoint as data. */
export interface EndpointDefinition {
  /** `GET /airports/:iata/delays`: its identity. */
  readonly route: string;
  readonly method: Method;
  readonly path: string;
  /** Given, or the name of its export; set when the project is put together. */
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly params: AnyObject | undefined;
  readonly query: AnyObject | undefined;
  readonly headers: AnyObject | undefined;
  readonly body: AnySchema | undefined;
  readonly returns: AnySchema | undefined;
  readonly reads: ReadonlyMap<string, AssetDefinition>;
  /** What the handler works with, under the names that it uses. */
  readonly resources: ResourceMap;
  readonly handler: (handles: object, request: object) => unknown;
  /** Gives SQL; where the answer shows no row itself and this gives none either, it is 404 with this title. */
  readonly exists:
    | { readonly title: string; readonly sql: (handles: object, request: object) => unknown }
    | undefined;
  /** "vouched": the author says that equal data and request give an equal answer (N27). */
  readonly cache: "derived" | "vouched";
  readonly timeLimitMs: number;
  readonly maxRows: number;
  readonly codeVersion: string | undefined;
  /** Mistakes in the definition itself, reported when the project is loaded. */
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<EndpointDefinition>();

export const registerEndpoint = registry.register;

export const isEndpoint = registry.has;
