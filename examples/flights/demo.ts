/** Prints what to try while the demo serves. */
const port = process.env["PORT"] || "4000";
const url = `http://localhost:${port}/api`;
const week = `'${url}/airports/SFO/delays?from=2001-06-01&to=2001-06-07'`;

console.log(`
What to try, in another terminal or a browser:

  ${url}/docs

  # A week at San Francisco, with headers that say which data answered; asked again with its ETag, it is a 304.
  curl -i --etag-save week.etag ${week}
  curl -i --etag-compare week.etag ${week}

  # Busy routes; all airports, page by page (the Link header names the next page).
  curl '${url}/routes?origin=SFO&min_flights=1000'
  curl -i '${url}/daily-delays?from=2001-06-01&limit=3'

  # How likely is a flight late, on a Friday evening?
  curl ${url}/predict-delay -H 'content-type: application/json' \\
    -d '{"origin": "SFO", "destination": "JFK", "departure": "2001-06-15T17:30"}'

  # What is wrong with a request is said in full.
  curl -i '${url}/airports/XXX/delays'
  curl -i '${url}/airports/SFO/delays?from=2001-02-30&to=today'

Ctrl-C ends the demo; run again, it starts from what is there.
`);
