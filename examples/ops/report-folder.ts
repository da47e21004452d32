import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { resource } from "millrace";
import * as z from "zod";

/** A folder whose files are there in full or not at all. */
export interface ReportFolder {
  /** Gives the path of the file. */
  readonly write: (name: string, text: string) => Promise<string>;
  readonly append: (name: string, line: string) => Promise<void>;
}

export const reportFolder = resource("report_folder", {
  description: "Where reports go",
  config: z.object({ path: z.string().default("reports") }),
  scope: "run",
  create: async (_, { config, defer }): Promise<ReportFolder> => {
    const folder = resolve(config.path);
    await mkdir(folder, { recursive: true });
    // On the same disk as the reports: only there does a rename replace a file in one go.
    const scratch = await mkdtemp(join(folder, ".writing-"));
    defer(() => rm(scratch, { recursive: true, force: true }));
    return {
      async write(name, text) {
        const [partial, file] = [join(scratch, name), join(folder, name)];
        await writeFile(partial, text, { flush: true });
        await rename(partial, file);
        return file;
      },
      append: (name, line) => appendFile(join(folder, name), `${line}\n`, { flush: true }),
    };
  },
});
