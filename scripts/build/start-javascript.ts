/**
 * Processes and worker threads are started from `new URL("./x.ts", import.meta.url)`. tsc rewrites the extension in
 * imports, but not there. (In declarations it stays `.ts` as well, which TypeScript resolves to the `.d.ts`.)
 */
export function startJavaScript(text: string): string {
  return text.replaceAll(
    /(\bnew URL\(\s*)(["'])(\.{1,2}\/[^"'\n]*)\.ts\2(\s*,\s*import\.meta\.url\s*\))/g,
    "$1$2$3.js$2$4",
  );
}
