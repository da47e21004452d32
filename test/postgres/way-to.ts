import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** How a way is cut: as if the server had ended, or so that everything that is sent is lost, and nobody is told. */
export type Cut = "refused" | "silent";

/** A way to a database, which can be cut. */
export interface Way {
  readonly url: string;
  cut(how: Cut): void;
  /** Connections that are made from now on get through; silent ones stay silent. */
  mend(): void;
  /** Ends all connections there are. */
  drop(): void;
}

export async function wayTo(t: TestContext, url: string): Promise<Way> {
  const there = new URL(url);
  const sockets = new Set<Socket>();
  let cut: Cut | undefined;
  const server = createServer((near) => {
    const far = connect(Number(there.port), there.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    if (cut === "refused") near.destroy();
    else if (cut === undefined) near.pipe(far).pipe(near);
  });
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    drop();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it listens on no port");
  const way = new URL(url);
  way.port = String(address.port);
  return {
    url: way.href,
    cut(how) {
      cut = how;
      if (how === "refused") drop();
      else for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      cut = undefined;
    },
    drop,
  };
}
