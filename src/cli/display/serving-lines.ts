import { paint } from "../text/paint.ts";

/** Where a project is served, and what: the first thing `serve` and `dev` print. */
export function servingLines(
  project: string,
  url: string,
  endpoints: readonly { readonly route: string }[],
): readonly string[] {
  const routes = endpoints.map(({ route }) => {
    const [method = "", path = ""] = route.split(" ");
    return `  ${paint("dim", method.padEnd(6))} ${url}/api${path}`;
  });
  return [
    `${paint("bold", project)} is served at ${paint("cyan", `${url}/api`)}`,
    `  docs   ${url}/api/docs`,
    ...(routes.length === 0 ? ["  no endpoints yet"] : routes),
  ];
}
