/** Processes of their own for tests: what a killed server leaves, and what another one meets. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Child {
  readonly pid: number;
  readonly lines: AsyncIterableIterator<string>;
  /** Closes its standard input and waits until it has ended. */
  end(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Runs a script of `fixtures/` with the Node of this test. */
export function child(script: string, file: string): Child {
  const made = spawn(process.execPath, [new URL(`fixtures/${script}`, import.meta.url).pathname, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = new Promise<void>((resolve) => made.once("exit", () => resolve()));
  return {
    pid: made.pid!,
    lines: createInterface(made.stdout)[Symbol.asyncIterator](),
    async end() {
      made.stdin.end();
      await exit;
    },
    async kill() {
      made.kill("SIGKILL");
      await exit;
    },
  };
}
