/** Leaves the script: the input is over, or `q` was met, or a file cannot be read. */
export class Quit extends Error {
  readonly code: number;
  readonly print: boolean;
  /** Files that are edited in place stay as they were. */
  readonly abandons: boolean;

  constructor(code: number, print: boolean, abandons = false) {
    super();
    this.code = code;
    this.print = print;
    this.abandons = abandons;
  }
}
