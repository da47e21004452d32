const units = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** How long ago an ISO time was: "3 min ago", "2 days ago", "just now". */
export function relativeTime(iso: string, now: number): string {
  const passed = now - Date.parse(iso);
  if (Number.isNaN(passed)) return iso;
  if (passed < 1_000) return "just now";
  const [name, length] = units.find(([, milliseconds]) => passed >= milliseconds) ?? ["s", 1_000];
  const count = Math.floor(passed / length);
  const plural = count === 1 || name === "s" || name === "min" ? "" : "s";
  return `${count} ${name}${plural} ago`;
}

/** "2026-11-22 18:30:12", in the reader's time zone. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${clockTime(iso)}`;
}

/** "18:30:12", in the reader's time zone. */
export function clockTime(iso: string): string {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((value) => String(value).padStart(2, "0"))
    .join(":");
}
