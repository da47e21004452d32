/** Guides whose commands are run, in this order and in one folder: each goes on from where the one before it ends. */
export const runnableGuides: readonly string[] = [
  "docs/guides/first-project.md",
  "docs/guides/testing.md",
  "docs/guides/serving-an-api.md",
  "docs/guides/publishing-safely.md",
  "docs/guides/fixing-a-bad-publish.md",
  "docs/guides/time-travel.md",
  "docs/guides/incremental-loads.md",
];
