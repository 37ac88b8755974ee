/** Leaves the script: the input is over, or `q` was met, or a file cannot be read. */
export class Quit extends Error {
  readonly code: number;
  readonly print: boolean;

  constructor(code: number, print: boolean) {
    super();
    this.code = code;
    this.print = print;
  }
}
