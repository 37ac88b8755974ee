import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { BadInput } from "../usage.ts";

/** From a terminal, twice and without showing it; else the first line of stdin. Never from the command line, which others see. */
export async function readPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const first = await ask(prompt);
  const again = await ask("Again: ");
  if (first !== again) throw new BadInput("accounts: the two passwords differ; nothing was changed");
  return first;
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new BadInput("accounts: a password is needed on the first line of stdin");
}

function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once("SIGINT", () => {
      lines.close();
      process.stderr.write("\n");
      reject(new BadInput("accounts: nothing was changed"));
    });
    lines.question("", (answer) => {
      lines.close();
      process.stderr.write("\n");
      resolve(answer);
    });
  });
}
