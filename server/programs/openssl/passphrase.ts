import { LineInput } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { COOKED, Errno } from "../../sim/host/index.ts";
import type { Call } from "./call.ts";
import { Failure } from "./failure.ts";

/** `pass:…`, `env:…`, `file:…`, `stdin`, `fd:N` (apps/lib/apps.c app_get_pass); undefined if nothing was given. */
export async function passphraseFrom(call: Call, source: string | undefined): Promise<string | undefined> {
  if (source === undefined) return undefined;
  const [, how, what] = /^(pass|env|file|fd):([^]*)$/.exec(source) ?? [undefined, source, ""];
  if (how === "pass") return what;
  if (how === "env") {
    const value = call.process.env[what];
    if (value !== undefined) return value;
    throw new Failure(`Can't read environment variable ${what}\nError getting passwords\n`);
  }
  if (how !== "stdin" && how !== "file" && how !== "fd")
    throw new Failure(`Invalid password argument, ${/^\w+:/.test(source) ? "missing ':' within the first 5 chars" : "starting with \"" + source + '"'}\nError getting passwords\n`); // prettier-ignore
  const text = how === "file" ? await call.read(what) : await call.read(undefined);
  if (text instanceof Errno) throw new Failure(`Can't open file ${what}\nError getting passwords\n`);
  return decode(text.split("\n")[0]!);
}

/** Asks at the terminal without an echo, or reads a line of standard input. */
export async function askPassphrase(call: Call, question: string, again?: string): Promise<string> {
  const first = await ask(call, question);
  if (again === undefined) return first;
  const second = await ask(call, again);
  if (first === second) return first;
  throw new Failure("Verify failure\n");
}

async function ask(call: Call, question: string): Promise<string> {
  const { process } = call;
  const { tty } = process;
  if (!tty) {
    await process.error(question);
    const input = process.fds.find(0);
    return withoutNewline(input ? await new LineInput(process, input).next() : undefined);
  }
  const before = tty.termios;
  await tty.write(encode(question));
  tty.termios = { ...COOKED, echo: false };
  try {
    const line = await tty.read(process, 4096, "\n");
    await tty.write("\n");
    return withoutNewline(line);
  } finally {
    tty.termios = before;
  }
}

function withoutNewline(line: string | undefined): string {
  return decode((line ?? "").replace(/\n$/, ""));
}
