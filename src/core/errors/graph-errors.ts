import { row } from "./error-row.ts";

/** What is wrong with a graph function, told when the project is loaded. */
export const graphErrors = {
  OP_CALLED_OUTSIDE_GRAPH: row(
    "{what} is called outside the function of a graph or job",
    500,
    "Call it in the function given as graph, before that has come to its end: not in run, not after an await. In a test call the function that run calls.",
  ),
  REF_COERCED: row(
    "{ref} is {how}, and has no value yet",
    500,
    "A ref stands for what a step will give. Pass it to an op, take a field of it, branch on it with when or match, go through it with map. The rule millrace/no-ref-condition finds conditions on refs, which nobody notices when they run.",
  ),
  REF_FROM_ELSEWHERE: row(
    "{what} uses {ref}, which belongs to {owner}",
    500,
    "Give back from a map, a branch or a graph what is needed outside of it; hand a graph as its input what it needs from outside.",
  ),
  GRAPH_VALUE_UNFIT: row(
    "{what} is given what cannot be kept: {reason}",
    500,
    "Give refs, and values that can be written down: texts, numbers, dates, lists and records of them. What else an op needs it makes itself.",
  ),
  GRAPH_FUNCTION_FAILED: row(
    "The function of {what} threw: {reason}",
    500,
    "It is called when the project is loaded, to say how steps fit together. Mend it; what may fail belongs in the run of an op.",
  ),
  GRAPH_FUNCTION_ASYNC: row(
    "The function of {what} gives a promise",
    500,
    "It says how steps fit together, before any of them runs: write it without async. What has to be waited for belongs in the run of an op.",
  ),
  GRAPH_CALLS_ITSELF: row(
    "{what} calls itself: {circle}",
    500,
    "A graph is taken apart when the project is loaded, so it must come to an end. Repeat within the run of an op, or map over a list.",
  ),
  GRAPH_READS_UNLISTED: row(
    "{op}, an op of {key}, reads {dependency}, which {key} does not name among its deps",
    500,
    "Add it to the deps of {key}: they are what makes it stale.",
  ),
  MATERIALIZE_IN_MAP: row(
    "Assets are made within {map}",
    500,
    "What is made is decided before the run, and a map's items are known within it: materialize once, after the map, or give the assets partitions.",
  ),
};
