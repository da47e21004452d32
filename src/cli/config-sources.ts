import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parseDocument } from "yaml";
import { configInvalid } from "../core/config/config-mistakes.ts";
import { printConfigPath } from "../core/config/config-path.ts";
import { mergeConfig, readSetting, type ConfigSource } from "../core/config/merge-config.ts";
import type { RunConfig } from "../core/config/run-config.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";

/** Documents first, settings after them, each in the order in which they were given. */
export function readConfigSources(documents: readonly string[], settings: readonly string[]): RunConfig {
  const merged = mergeConfig([...documents.map(documentOf), ...settings.map(settingOf)]);
  if (!merged.ok) throw configInvalid(merged.problems);
  // Whether it has this form is found out when it is parsed.
  return merged.value as RunConfig;
}

function documentOf(given: string): ConfigSource {
  const inline = given.trimStart().startsWith("{");
  const source = inline ? "The JSON given to --config" : given;
  const text = inline ? given : contentOf(given);
  const isJson = inline || extname(given) === ".json";
  return { source: "document", document: (isJson ? jsonOf(text, source) : yamlOf(text, source)) ?? {} };
}

function settingOf(given: string): ConfigSource {
  const read = readSetting(given);
  if ("reason" in read) throw unreadable("What --set is given", read.reason);
  const { path, text } = read;
  // In YAML nothing is null; whoever writes `name=` means the empty text.
  const value = text === "" ? "" : yamlOf(text, `What --set gives to ${printConfigPath(path)}`);
  return { source: "setting", path, value };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, reasonOf(error));
  }
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Node quotes what stands around the mistake, which may be a secret.
    throw unreadable(source, `no JSON: ${reasonOf(error).replace(/, (?:\.\.\.)?".*$/s, "")}`);
  }
}

function yamlOf(text: string, source: string): unknown {
  // Its prettier errors quote the line.
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
  const [error] = document.errors;
  if (error === undefined) {
    try {
      return document.toJS() as unknown;
    } catch (thrown) {
      throw unreadable(source, `no YAML: ${reasonOf(thrown)}`);
    }
  }
  const line = text.slice(0, error.pos[0]).split("\n").length;
  throw unreadable(source, `no YAML: ${error.message.split("\n")[0] ?? ""} (line ${line})`);
}

function unreadable(source: string, reason: string): MillraceError {
  return new MillraceError("CONFIG_UNREADABLE", { source, reason });
}
