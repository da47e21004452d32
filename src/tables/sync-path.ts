import { open } from "node:fs/promises";

/** What was written under the path (or which names a directory has) survives a loss of power from here on. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
