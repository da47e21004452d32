import { row } from "./error-row.ts";

/** Selecting, planning and running. */
export const runErrors = {
  SELECTION_INVALID: row(
    "The selection «{selection}» is not understood at character {position}: {reason}",
    400,
    "The whole grammar: docs/concepts/selection.md.",
  ),
  SELECTION_EMPTY: row(
    "The selection «{selection}» matches no asset",
    400,
    "millrace ls lists the assets there are.",
  ),
  SELECTION_ENDPOINTS: row(
    "The selection «{selection}» selects endpoints only; they are served, not materialized",
    400,
    "Select what they read: +x is x and all that it reads.",
  ),
  SELECTION_EXTERNAL: row(
    "The selection «{selection}» selects external assets only; they are observed, not materialized",
    400,
    "Select what reads them: x+ is x and all that reads it.",
  ),
  SELECTION_NOT_EXTERNAL: row(
    "The selection «{selection}» selects no external asset; what is made here is not observed",
    400,
    "Select what it reads: roots(+x) is where x comes from.",
  ),
  ASSET_NOT_FOUND: row("There is no asset {key}", 404, "millrace ls lists the assets there are."),
  PARTITION_UNKNOWN: row("{partition} is no partition of {key}", 400, "Its partitions are {known}."),
  PARTITION_NEEDED: row(
    "{partition} was asked for, but {key} has no partitions",
    400,
    "Leave --partition away, or select partitioned assets only.",
  ),
  CONFIG_INVALID: row("The config has {mistakes}:\n{list}", 400, "Mend each one; all of them are listed."),
  CONFIG_FIELD_INVALID: row("{field}: {reason}", 400, "Give what its schema wants there."),
  CONFIG_FIELD_UNKNOWN: row("{field}: no such {what}; {there}", 400, "Correct the name, or leave it away."),
  CONFIG_UNREADABLE: row(
    "{source} cannot be read as config: {reason}",
    400,
    "Give a JSON or YAML file, JSON in quotes, or --set path=value; text that is no YAML needs quotes of its own.",
  ),
  ENVIRONMENT_VARIABLES_MISSING: row(
    "Environment variables are missing that the project's resources are configured with:\n{list}",
    500,
    "Set them, or write them into .env or .env.local in the project's folder. Where they may be absent, give env a default.",
  ),
  ENVIRONMENT_VARIABLE_MISSING: row(
    "{name} is not set, with which the resource {resource} is configured",
    500,
    "Set it, or write it into .env or .env.local in the project's folder.",
  ),
  CONFIG_VARIABLE_MISSING: row(
    "{field}: the environment variable {name} is not set",
    400,
    "Set it, or give the value itself.",
  ),
  STEP_BLOCKED: row(
    "{step} is blocked: {dependency} lacks {missing}",
    409,
    "Materialize what is missing first, or select it too.",
  ),
  SCHEMA_MIXED: row(
    "{key}: {reason}, so its partitions have to be published together; left out: {partitions}",
    409,
    "Materialize all of it in one run: millrace materialize {key}. Readers keep what they have.",
  ),
  APPEND_IMPOSSIBLE: row(
    "{step} cannot add to the rows there are: {reason}",
    409,
    "Make all of it anew: millrace materialize {key} --full-refresh. Readers keep what they have until then.",
  ),
  CONTRACT_BROKEN: row(
    "The endpoint {endpoint}, served by {server}, reads {asset}.{column} as {wanted}, and would find it {found}",
    409,
    "Serve an endpoint that can read both first, or publish all the same with --force. What was made is kept: the same command goes on from there.",
  ),
  STEP_FAILED: row(
    "{step} failed: {reason}",
    500,
    "Mend the cause and run it again; what was published stays.",
  ),
  JOB_NOT_FOUND: row("There is no job {job}", 404, "millrace job ls lists the jobs there are."),
  JOB_STEP_UNKNOWN: row("The job {job} has no step {step}", 404, "millrace job graph {job} tells its steps."),
  JOB_STEP_NEEDED: row(
    "What {step} gives is needed, and no run of {job} has it that is kept",
    409,
    "Run it too, with --only {node} beside the others, or the whole job: millrace run {job}.",
  ),
  JOB_PARTITION_NEEDED: row(
    "The job {job} has partitions, {known}, and runs for one of them",
    400,
    "Say which: millrace run {job} --partition <name>.",
  ),
  JOB_UNPARTITIONED: row(
    "{partition} was asked for, but the job {job} has no partitions",
    400,
    "Leave --partition away.",
  ),
  MATERIALIZED_TWICE: row(
    "{first} and {second} both materialize {key}",
    400,
    "Let one of them materialize it: a run makes an asset once.",
  ),
  MATERIALIZE_PARTITION_LATE: row(
    "The partition that {node} materializes comes from {op}, and has to be known before the run begins",
    400,
    "Give a text, or one from the job's config or partition.",
  ),
  OP_INPUT_INVALID: row(
    "{step}: what the graph gives it does not fit its input: {reason}",
    500,
    "Mend what gives it, or the schema of the input.",
  ),
  OP_INPUT_NOT_SERIALIZABLE: row(
    "{step}: what the graph gives it cannot be passed on: {reason}",
    500,
    "Give plain data; open handles and make instances inside the op.",
  ),
  OP_CONFIG_INVALID: row(
    "{step}: what it is given does not fit its config: {reason}",
    400,
    "Mend the call in the graph, or what the run says of the op's config.",
  ),
  OP_OUTPUT_INVALID: row(
    "{step}: what it gave does not fit its output: {reason}",
    500,
    "Mend what the op gives, or the schema of its output.",
  ),
  OP_OUTPUT_NOT_SERIALIZABLE: row(
    "{step}: what it gave cannot be passed on: {reason}",
    500,
    "Give plain data; open handles and make instances in the op that needs them.",
  ),
  OP_OUTPUT_TOO_LARGE: row(
    "{step}: what it gave takes {bytes} bytes, more than {limit}",
    500,
    "Keep large data in an asset or a file, and let the output name it.",
  ),
  MAP_NOT_A_LIST: row(
    "The map {map} is given {found}, which is no list",
    500,
    "Mend what gives it: a map goes through a list.",
  ),
  MAP_KEY_INVALID: row(
    "The map {map} cannot name its item {index}: {reason}",
    500,
    "Let `key` give a short text for every item.",
  ),
  MAP_KEY_REPEATED: row(
    "The map {map} has two items called {key}: {first} and {second}",
    500,
    "Let `key` give each item a name of its own, or leave it away: items are then named by their place.",
  ),
  BRANCH_UNKNOWN: row(
    "The branch {branch} has no case {value}; its cases are {cases}",
    500,
    "Add the case to `match`, or mend the op that gives the value.",
  ),
  CHECKPOINT_REPEATED: row(
    "{step}: the checkpoint {checkpoint} is used twice in one attempt",
    500,
    "Give each its own name, or tell items apart with { key }.",
  ),
  CHECKPOINT_NOT_SERIALIZABLE: row(
    "{step}: what the checkpoint {checkpoint} gave cannot be kept: {reason}",
    500,
    "Give plain data; open handles and make instances outside the checkpoint.",
  ),
  CHECKPOINT_TOO_LARGE: row(
    "{step}: what the checkpoint {checkpoint} gave takes {bytes} bytes, more than {limit}",
    500,
    "Keep large data in an asset or a file, and let the checkpoint name it; or use one checkpoint for each item.",
  ),
  RESOURCE_NOT_FOUND: row(
    "There is no resource {resource}",
    404,
    "millrace resource lists the resources there are.",
  ),
  RESOURCE_FAILED: row(
    "The resource {resource} cannot be used: {reason}",
    503,
    "Mend what it reaches or its config, then run the same again; millrace resource show {resource} --check tries it.",
    true,
  ),
  STEP_TIMED_OUT: row(
    "{step} took longer than its time limit of {limit}",
    500,
    "Make it faster, or raise timeout.",
    true,
  ),
  STEP_STUCK: row(
    "{step}: {grace} after its time limit of {limit} the main thread had still not answered, so the process was ended",
    500,
    "Run the same command again: what was committed is kept. Let the code pause now and then (await), compute in a worker thread or in SQL, or raise timeout.",
    true,
  ),
  RUN_TIMED_OUT: row(
    "The run took longer than its time limit of {limit}",
    500,
    "What passed is published. Make the rest with --stale, and give it more time, or raise timeout.",
    true,
  ),
  RUN_STUCK: row(
    "{grace} after the run's time limit of {limit} the main thread had still not answered, so the process was ended",
    500,
    "Run the same command again: what was committed is kept. Let the code pause now and then (await), compute in a worker thread or in SQL, or raise timeout.",
    true,
  ),
  STEP_INTERRUPTED: row(
    "{step} was begun {times} times, and each time its process ended before it did",
    500,
    "Find out what ends the process (memory, a crash in native code); materialize again to begin anew.",
  ),
  RUN_CLAIMED: row(
    "{step} is being written by run {run:8}",
    409,
    "Wait for that run to end, or end it with Ctrl-C where it was started; then run this again.",
    true,
  ),
  RUN_ACTIVE: row(
    "Run {run:8} of the same selection is still at work (process {process})",
    409,
    "Wait for it to end, or end it with Ctrl-C where it was started; --new would be refused what that run has claimed.",
    true,
  ),
  RUN_OF_OTHER_CODE: row(
    "Run {run:8} was launched with the code {pin:8}; this process has loaded {loaded:8}",
    409,
    "Load the project from the run's code pin, or materialize again: what today's code does not change is kept.",
  ),
  RUN_LOST: row(
    "Run {run:8} has been taken over by another process; nothing more of this one counts",
    409,
    "Nothing to do: the other process goes on with it.",
  ),
  RUN_ENDED: row("Run {run:8} has ended already ({status})", 409, "Start another run."),
  RUN_NOT_FOUND: row("There is no run {run}", 404, "millrace runs ls lists them."),
  RUN_AMBIGUOUS: row("{run} is the beginning of several run ids: {runs}", 400, "Give more of the id."),
  ROLLBACK_IMPOSSIBLE: row(
    "{key} cannot be rolled back: {reason}",
    409,
    "millrace versions {key} lists what there is; leave the asset out, or name another version or snapshot.",
  ),
  CHECK_BROKEN: row(
    "{key} would no longer pass its check {check}: {found}",
    409,
    "Nothing has moved. Choose another version or snapshot, mend the data or the check, or move it all the same with --force.",
  ),
  CHECKS_OVERTAKEN: row(
    "Others have published while the checks were asked, so that these have seen something else than would be current",
    409,
    "Nothing has moved. Run the same command again.",
    true,
  ),
  ROLLBACK_NOTHING: row(
    "There is nothing to roll back: {selection} is as it was {where} already",
    409,
    "millrace versions lists what was current when.",
  ),
  RELEASE_NOTHING: row("Nothing of {selection} is held", 409, "millrace ls says what is held."),
  VERSION_NOT_FOUND: row(
    "{key} has no version {version}",
    404,
    "millrace versions {key} lists the versions there are.",
  ),
  VERSION_AMBIGUOUS: row(
    "{version} is the beginning of several version ids: {versions}",
    400,
    "Give more of the id.",
  ),
  VERSION_NEVER_CURRENT: row(
    "Version {version:8} of {key} was never current: it is {state}",
    409,
    "Roll back to a version that was published once; millrace versions {key} lists them.",
  ),
  VERSION_GONE: row(
    "Version {version:8} of {key} is no longer kept",
    410,
    "Its retention is over: what it was made from is still told by millrace versions {key}, its content is gone.",
  ),
  RUN_EXPIRED: row("What run {run:8} had made is no longer kept", 410, "Start another run."),
  SNAPSHOT_INVALID: row(
    "The text «{snapshot}» names no snapshot: {reason}",
    400,
    "Give a number (12), a token (main@12), a pinned name, or a time with its zone (2026-11-22T10:00:00Z).",
  ),
  SNAPSHOT_NOT_FOUND: row(
    "There is no snapshot {snapshot}: {reason}",
    404,
    "millrace snapshot ls lists those that are kept.",
  ),
  SNAPSHOT_NAME_TAKEN: row(
    "The name {name} is that of snapshot {snapshot} already",
    409,
    "Choose another name, or give this one up: millrace snapshot unpin {name}.",
  ),
  SNAPSHOT_OF_BASE: row(
    "Snapshot {snapshot} is older than the environment {environment}: it is one of {base}",
    409,
    "Pin it there: millrace --env {base} snapshot pin.",
  ),
  ENVIRONMENT_NOT_FOUND: row(
    "There is no environment {environment}",
    404,
    "millrace env ls lists those that there are; millrace env create makes one.",
  ),
  ENVIRONMENT_EXISTS: row(
    "There is an environment {environment} already",
    409,
    "Choose another name, or drop it: millrace env drop {environment}.",
  ),
  ENVIRONMENT_NAME_INVALID: row(
    "The text «{name}» is no name for an environment",
    400,
    "Begin with a letter or a digit; then letters, digits, _, ., - and / may follow, up to 100 in all.",
  ),
  ENVIRONMENT_IN_USE: row(
    "The environment {environment} cannot be dropped: {reason}",
    409,
    "Wait for its runs to end, and drop what is based on it first; the environment that a project begins with stays.",
  ),
  SNAPSHOT_NAME_INVALID: row(
    "The text «{name}» is no name for a snapshot",
    400,
    "Begin with a letter; then letters, digits, _, . and - may follow, up to 100 in all.",
  ),
  SELECTION_TOO_WIDE: row(
    "The selection «{selection}» selects {assets}, and one asset is wanted: {reason}",
    400,
    "Select one asset by its key.",
  ),
  CANCELED: row("Canceled", 499, "Run it again to go on from what is committed."),
};
