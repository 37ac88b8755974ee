/** The shell (or subshell) ends, from wherever it is. */
export class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** The rest of the line that is being run is given up, as bash does after an error in an expansion or a Ctrl-C. */
export class Discard extends Error {
  readonly status: number;
  /** True if that goes for everything up to the script or prompt: `eval`, sourced files and `-c` end, too. */
  readonly everything: boolean;

  constructor(status: number, everything = false) {
    super(`discard ${status}`);
    this.status = status;
    this.everything = everything;
  }
}

/** A variable cannot take a value. The message names it: `x: readonly variable`. */
export class AssignmentFault extends Error {}

/** What `break`, `continue` and `return` ask of the commands around them. Looked at after every command. */
export type Jump =
  | { readonly type: "break" | "continue"; levels: number }
  | { readonly type: "return"; readonly status: number };
