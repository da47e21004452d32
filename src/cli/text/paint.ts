import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/**
 * Text in a colour or weight, where the stream is a terminal and neither `NO_COLOR` nor `--no-color` forbids it
 * (`FORCE_COLOR` asks for it anyway): Node's own rules.
 */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}
