import { LineInput, type Process } from "../../sim/host/index.ts";

/** Asks on standard error and reads answers from standard input; what begins with y is yes (rpmatch(3)). */
export class Prompt {
  readonly #process: Process;
  #input: LineInput | undefined;

  constructor(process: Process) {
    this.#process = process;
  }

  async ask(question: string): Promise<boolean> {
    await this.#process.error(question);
    this.#input ??= new LineInput(this.#process, this.#process.fds.get(0));
    const answer = await this.#input.next();
    return answer !== undefined && /^[yY]/.test(answer);
  }
}
