import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { printsAs } from "../../scripts/docs/compare-output.ts";
import { guideSteps } from "../../scripts/docs/guide-steps.ts";

const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;

suite("a guide", () => {
  test("is read as files, commands with what they print, and servers", () => {
    const page = [
      fence('ts title="assets/a.ts"', "export {};"),
      fence("sh", "npx millrace ls"),
      fence("text", "nothing"),
      fence("sh exit=1 in=../millrace", "false"),
      fence("sh server", "npx millrace serve"),
      "<!-- stop -->",
    ].join("\n");
    assert.deepEqual(
      guideSteps(page).map(({ line: _, ...step }) => step),
      [
        { step: "write", file: "assets/a.ts", text: "export {};\n" },
        { step: "run", command: "npx millrace ls\n", output: "nothing\n", exitCode: 0 },
        { step: "run", command: "false\n", exitCode: 1, folder: "../millrace" },
        { step: "serve", command: "npx millrace serve\n" },
        { step: "stop" },
      ],
    );
  });

  test("is refused where something would be passed over", () => {
    assert.throws(
      () => guideSteps(fence("text", "printed by nothing")),
      /line 1: this is printed by no command/,
    );
    assert.throws(() => guideSteps(fence("bash", "ls")), /neither file, command nor output/);
    assert.throws(() => guideSteps(fence("sh titel=x", "ls")), /no option titel/);
    assert.throws(() => guideSteps("```sh\nls\n"), /never closed/);
    assert.throws(
      () => guideSteps("1. x\n\n   ```sh\n   ls\n   ```\n"),
      /line 3: a fence must not be indented/,
    );
  });
});

suite("what a page shows and what a command prints", () => {
  const shown = "run 6c61e2f0: 2 steps\n[1/2] ✓ a  10 rows  83 ms\n[2/2] ✓ b  2 rows  1.2 s";

  test("may differ in ids, times and the order of steps", () => {
    assert.ok(printsAs(shown, "run 00aa11bb: 2 steps\n[1/2] ✓ b  2 rows  4 ms\n[2/2] ✓ a  10 rows  5 ms\n"));
    assert.ok(printsAs("made  12 s ago", "made  just now"));
    assert.ok(printsAs('ETag: "d-ulDK27alJTniwFwpgtP8_0PLhRQ"', 'ETag: "d-wqVqZpvFCOZ-VmTI6lMhng4i4DG"'));
  });

  test("may not differ in anything else", () => {
    assert.ok(!printsAs(shown, "run 00aa11bb: 2 steps\n[1/2] ✓ b  2 rows  4 ms\n[2/2] ✓ a  11 rows  5 ms\n"));
    assert.ok(!printsAs("a\nb", "a\nb\nc"));
    assert.ok(!printsAs('ETag: "d-ulDK27alJTniwFwpgtP8_0PLhRQ"', 'ETag: "b-wqVqZpvFCOZ-VmTI6lMhng4i4DG"'));
  });

  test("agree on the rest where the page leaves something out", () => {
    assert.ok(printsAs("HTTP/1.1 304 Not Modified\n…", "HTTP/1.1 304 Not Modified\r\nVary: Accept\r\n\r\n"));
    assert.ok(printsAs("a\n…\nz", "a\nz"));
    assert.ok(!printsAs("a\n…\nz", "a\nb"));
    assert.ok(printsAs("by … rows", "by 3 rows"));
  });
});

test("the stand-in for curl prints headers and bodies, sends data and keeps tags", async () => {
  const server = createServer((request, response) => {
    const known = request.headers["if-none-match"] === '"x"';
    response.writeHead(known ? 304 : 200, { etag: '"x"', "millrace-age": "1" });
    response.end(known ? undefined : `${request.method} ${request.url} ${String(request.headers["x-a"])}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const curl = async (...args: string[]): Promise<string> => {
    const child = spawn(process.execPath, ["test/docs/curl.ts", ...args, `localhost:${address.port}/p`]);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    await once(child, "close");
    return output;
  };
  const folder = mkdtempSync(join(tmpdir(), "millrace-curl-"));
  try {
    assert.equal(await curl("-H", "x-a: b", "-d", "{}"), "POST /p b");
    assert.match(
      await curl("-i", "-H", "x-a: b"),
      /^HTTP\/1\.1 200 OK\n[\s\S]*Millrace-Age: 1\n[\s\S]*\n\nGET \/p b$/,
    );
    const saved = join(folder, "etag");
    assert.equal(await curl("--etag-save", saved, "-o", join(folder, "body")), "");
    assert.match(await curl("-i", "--etag-compare", saved), /^HTTP\/1\.1 304 Not Modified\n/);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
