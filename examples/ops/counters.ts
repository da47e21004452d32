import { appendFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { resource } from "millrace";
import * as z from "zod";

/** A file for each item, one character longer with every count: nothing that is counted twice can hide. */
export interface Counters {
  readonly count: (item: number) => Promise<void>;
}

export const counters = resource("counters", {
  description: "How often each item was done",
  config: z.object({ path: z.string().default("counters") }),
  create: async (_, { config }): Promise<Counters> => {
    const folder = resolve(config.path);
    await mkdir(folder, { recursive: true });
    return { count: (item) => appendFile(join(folder, String(item)), "|") };
  },
});
