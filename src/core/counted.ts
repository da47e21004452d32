/** "1 mistake", "3 mistakes", "1,000 rows". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** "1,234,567"; what follows a decimal point is kept. */
export function thousands(count: number | bigint): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 20 });
}
