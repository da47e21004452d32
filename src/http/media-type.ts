interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/**
 * The offered media type that an `Accept` header likes best (RFC 9110 §12.5.1); undefined when it likes none. The
 * earlier offer wins a tie. Parameters other than `q` are passed over, and so are ranges that are no ranges; a header
 * without any range is as good as none.
 *
 * @param offered lower-case media types without parameters, the preferred one first
 */
export function preferredMediaType(
  accept: string | undefined,
  offered: readonly string[],
): string | undefined {
  if (accept === undefined || accept === "*/*") return offered[0];
  const ranges = mediaRanges(accept);
  if (ranges.length === 0) return offered[0];
  let best: string | undefined;
  let bestQuality = 0;
  for (const candidate of offered) {
    const quality = qualityOf(candidate, ranges);
    if (quality > bestQuality) {
      best = candidate;
      bestQuality = quality;
    }
  }
  return best;
}

/** What the most specific range that matches says. */
function qualityOf(candidate: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = candidate.split("/");
  let quality = 0;
  let precision = -1;
  for (const range of ranges) {
    const typeFits = range.type === type;
    const found =
      typeFits && range.subtype === subtype
        ? 2
        : typeFits && range.subtype === "*"
          ? 1
          : range.type === "*"
            ? 0
            : -1;
    if (found > precision) {
      precision = found;
      ({ quality } = range);
    }
  }
  return quality;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const rangePattern = new RegExp(`^\\s*(${token})/(${token})\\s*(;.*)?$`);
const qualityPattern = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

function mediaRanges(accept: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  // A comma inside quotes belongs to a parameter.
  for (const part of accept.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) {
    const [, type, subtype, parameters = ""] = rangePattern.exec(part) ?? [];
    if (type === undefined || subtype === undefined || (type === "*" && subtype !== "*")) continue;
    const given = /;\s*q\s*=\s*([^;\s]*)/i.exec(parameters)?.[1];
    if (given !== undefined && !qualityPattern.test(given)) continue;
    ranges.push({
      type: type.toLowerCase(),
      subtype: subtype.toLowerCase(),
      quality: given === undefined ? 1 : Number(given),
    });
  }
  return ranges;
}
