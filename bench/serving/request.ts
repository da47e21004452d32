/** What is asked for: a month at a busy airport, some thirty rows. */
export const delaysRequest = { iata: "SFO", from: "2001-05-01", to: "2001-05-31" } as const;

export const delaysPath = `/api/airports/${delaysRequest.iata}/delays?from=${delaysRequest.from}&to=${delaysRequest.to}`;
