/** The program cannot be read, or cannot go on: the words behind `awk: `, and the exit code. */
export class AwkFault extends Error {
  readonly code: number;

  constructor(words: string, code = 2) {
    super(words);
    this.code = code;
  }
}

/** Something goes wrong while the program runs; the place in the input is told as well. */
export class RuntimeFault extends Error {}

/** What the program holds grows beyond its memory (mawk's zmalloc.c). */
export class OutOfMemory extends AwkFault {
  constructor() {
    super("out of memory");
  }
}
