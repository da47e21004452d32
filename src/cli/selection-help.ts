/** What help says about selections; the page on them has the rest. */
export const selectionHelp =
  "A selection is made of terms: an asset's key (* stands for any part of it), group:, tag:name, tag:name=value, owner:, " +
  "kind:, column:, status:, endpoint:. Terms with a blank, a comma or `or` between them add up; `and`, `not` and " +
  "parentheses narrow. +x adds all that x reads, x+ all that reads x, 2+x two levels of it; sinks(x) and roots(x) are " +
  "the ends of a set.";
