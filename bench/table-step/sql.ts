/** Rows of four columns; `seed` makes each round's rows other ones. */
export function rowsSql(rows: number, seed: number): string {
  return `
    select
      i + ${seed} as id,
      'customer ' || cast((i * 7919 + ${seed}) % 10000 as varchar) as customer,
      ((i * 31 + ${seed}) % 100000) / 100.0 as amount,
      date '2020-01-01' + cast((i + ${seed}) % 2000 as integer) as day
    from range(${rows}) as t(i)`;
}
