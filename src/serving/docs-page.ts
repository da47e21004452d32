import Fastify, { type FastifyInstance } from "fastify";

export interface DocsFile {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly location?: string;
}

/**
 * The documentation page, with all it needs: nothing is fetched from elsewhere. The module holds five megabytes of
 * script, so it is loaded when the page is first asked for, into a server of its own that never listens.
 */
export class DocsPage {
  readonly #title: string;
  #server: Promise<FastifyInstance> | undefined;

  constructor(title: string) {
    this.#title = title;
  }

  async file(path: string): Promise<DocsFile> {
    this.#server ??= this.#load();
    const answer = await (await this.#server).inject(path);
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      type: answer.headers["content-type"] ?? "text/plain",
      body: answer.rawPayload,
      ...(typeof location === "string" ? { location } : {}),
    };
  }

  async #load(): Promise<FastifyInstance> {
    const { default: scalar } = await import("@scalar/fastify-api-reference");
    const server = Fastify({ logger: false });
    await server.register(scalar, {
      routePrefix: "/api/docs",
      configuration: {
        url: "/api/openapi.json",
        pageTitle: this.#title,
        withDefaultFonts: false,
        telemetry: false,
        // Its own makers' services, offered above the page on localhost: all of them elsewhere.
        showDeveloperTools: "never",
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
    return server;
  }

  async close(): Promise<void> {
    await (await this.#server)?.close();
  }
}
