import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { openReading } from "../../src/app/open-reading.ts";
import type { FileHandle, TableHandle, ValueHandle } from "../../src/core/asset/handle.ts";
import { CatalogView } from "../../src/core/catalog/catalog-view.ts";
import { readableParts } from "../../src/core/catalog/readable-part.ts";
import { knownAsset } from "../../src/core/plan/known-asset.ts";

export interface Published {
  readonly orders: readonly object[];
  readonly doubled: readonly object[];
  readonly total: number;
  readonly report: string;
}

/** Everything that a reader of the newest snapshot sees, as another process than the one that writes. */
export async function readPublished(directory: string, environment: NodeJS.ProcessEnv): Promise<Published> {
  const open = await openProject(await loadProject(directory), { variables: environment });
  const reading = await openReading(open);
  try {
    const { state, scope, graph, known } = open.context;
    const { number } = await state.catalog.head(scope);
    const view = new CatalogView(number, await state.catalog.current(scope, number));
    const assets = graph.order.filter((asset) => asset.body.body !== "external");
    const { handles } = reading.reader.read(
      assets.map((asset) => {
        const placed = knownAsset(known, asset);
        return {
          name: asset.key,
          asset,
          parts: readableParts(view.pieces(placed), placed.space),
          many: false,
        };
      }),
      {},
    );
    return {
      orders: await (handles["orders"] as TableHandle<object>).rows(),
      doubled: await (handles["doubled"] as TableHandle<object>).rows(),
      total: (await (handles["total"] as ValueHandle<{ total: number }>).get()).total,
      report: await (handles["report"] as FileHandle).text(),
    };
  } finally {
    await reading.close();
    await open.close();
  }
}
