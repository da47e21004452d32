/**
 * What the pages use of curl, for machines that have none: Node and npm are all that the tests may ask for. Where there
 * is a real one, that runs instead.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: {
    include: { type: "boolean", short: "i" },
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
    request: { type: "string", short: "X" },
    output: { type: "string", short: "o" },
    "etag-save": { type: "string" },
    "etag-compare": { type: "string" },
  },
  allowPositionals: true,
});

const headers = new Headers({ accept: "*/*" });
for (const header of values.header) {
  const [, name, value] = /^([^:]+): *(.*)$/.exec(header) ?? [];
  if (name === undefined || value === undefined) throw new Error(`curl: ${header} is no header`);
  headers.set(name, value);
}
const compared = values["etag-compare"];
if (compared !== undefined && existsSync(compared))
  headers.set("if-none-match", readFileSync(compared, "utf8").trim());

const [address = ""] = positionals;
const url = address.startsWith("http") ? address : `http://${address}`;
const answer = await fetch(url, {
  method: values.request ?? (values.data === undefined ? "GET" : "POST"),
  headers,
  redirect: "manual",
  ...(values.data === undefined ? {} : { body: values.data }),
});
const etag = answer.headers.get("etag");
if (values["etag-save"] !== undefined && etag !== null) writeFileSync(values["etag-save"], `${etag}\n`);

const body = Buffer.from(await answer.arrayBuffer());
let head = "";
if (values.include === true) {
  head = `HTTP/1.1 ${answer.status} ${answer.statusText}\n`;
  // fetch gives names in lower case; the pages show them as the server writes them.
  for (const [name, value] of answer.headers) {
    const written =
      name === "etag" ? "ETag" : name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    head += `${written}: ${value}\n`;
  }
  head += "\n";
}
if (values.output === undefined) process.stdout.write(Buffer.concat([Buffer.from(head), body]));
else {
  process.stdout.write(head);
  writeFileSync(values.output, body);
}
