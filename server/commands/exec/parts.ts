import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { decode } from "../../sim/kernel/index.ts";
import type { Arguments } from "../arguments.ts";
import { BadInput, UsageError } from "../usage.ts";
import { readTranscript, type Transcript } from "./transcript.ts";

/** One part of an `exec`: a line that is typed, a script that runs by itself, or the commands of a recording. */
export type Part =
  | { readonly kind: "line"; readonly cmd: string }
  | { readonly kind: "script"; readonly cmd: string; readonly name: string; readonly text: string }
  | { readonly kind: "transcript"; readonly cmd: string; readonly transcript: Transcript };

/** The parts in the order in which the options name them. */
export async function readParts(args: Arguments): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { name, value } of args.options) {
    if (name === "-c") parts.push({ kind: "line", cmd: value });
    if (name === "--lines") parts.push(...(await readLines(value)));
    if (name === "--transcript")
      parts.push({ kind: "transcript", cmd: basename(value), transcript: readTranscript(decode(readFile(value))) });
    if (name === "--script")
      parts.push({ kind: "script", cmd: `bash /tmp/${basename(value)}`, name: basename(value), text: readFile(value) });
  }
  if (parts.length === 0)
    throw new UsageError(
      "exec: nothing to run: give -c TEXT, --lines FILE.jsonl, --script FILE or --transcript FILE.t",
    );
  return parts;
}

async function readLines(file: string): Promise<Part[]> {
  // zod is a hundred modules, and most commands come without such a file.
  const { z } = await import("zod");
  const Row = z.strictObject({ cmd: z.string() });
  return decode(readFile(file))
    .split("\n")
    .flatMap((line, at): Part[] => {
      if (line.trim() === "") return [];
      let row: unknown;
      try {
        row = JSON.parse(line);
      } catch (error) {
        throw new BadInput(
          `${file}:${at + 1}: expected a JSON object such as {"cmd": "ls"}: ${(error as Error).message}`,
          { cause: error },
        );
      }
      const parsed = Row.safeParse(row);
      if (!parsed.success)
        throw new BadInput(`${file}:${at + 1}: expected {"cmd": "TEXT"}: ${parsed.error.issues[0]!.message}`);
      return [{ kind: "line", cmd: parsed.data.cmd }];
    });
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BadInput(`${file}: ${code === "ENOENT" ? "there is no such file" : String(code)}`, { cause: error });
  }
}
