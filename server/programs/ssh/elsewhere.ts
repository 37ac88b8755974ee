import { RAW, type Elsewhere, type Line, type Process, type Tty } from "../../sim/host/index.ts";
import { Escapes } from "./escapes.ts";
import { SshFailure } from "./failure.ts";
import type { SshOptions } from "./options.ts";

/** Of what is typed or piped, so much goes over the line at once. */
const PIECE = 4096;

/** A login on a machine that stands for a host of another world: bytes are passed on. Returns the exit status. */
export async function runElsewhere(
  process: Process,
  options: SshOptions,
  address: string,
  elsewhere: Elsewhere,
): Promise<number> {
  const wantsTty = options.tty ?? options.command === undefined;
  const local = process.fds.find(0)?.tty;
  if (wantsTty && !local)
    await process.error("Pseudo-terminal will not be allocated because stdin is not a terminal.\n");
  const tty = wantsTty ? local : undefined;
  const line = elsewhere.call({ address, command: options.command, tty });
  const ending = { cut: false, over: false };
  const before = tty?.termios;
  if (tty) {
    tty.termios = RAW;
    process.on("SIGWINCH", () => line.resize(tty.cols, tty.rows));
  }
  try {
    process.kernel.start(async () => {
      if (tty) await typed(process, options, line, tty, ending);
      else await piped(process, options, line);
    });
    return await listen(process, options, line, address, ending);
  } finally {
    if (tty) tty.termios = before!;
    if (!ending.over) line.cut();
  }
}

interface Ending {
  /** The caller has cut the line. */
  cut: boolean;
  /** The other side has ended it. */
  over: boolean;
}

async function listen(
  process: Process,
  options: SshOptions,
  line: Line,
  address: string,
  ending: Ending,
): Promise<number> {
  for (;;) {
    const heard = await line.next(process);
    if (heard.kind === "output") {
      if (heard.stream === 1) await process.write(1, heard.bytes);
      else await process.error(heard.bytes);
      continue;
    }
    if (ending.cut) return 255;
    ending.over = true;
    if (heard.kind === "ended") return heard.status;
    if (heard.kind === "refused")
      throw new SshFailure(`drydock: ${heard.message}\r\nConnection closed by ${address} port ${options.port}`);
    await process.error(`Connection to ${options.host} closed by remote host.\r\n`);
    return 255;
  }
}

async function typed(process: Process, options: SshOptions, line: Line, tty: Tty, ending: Ending): Promise<void> {
  const escapes = new Escapes(options.escape);
  while (!process.ended) {
    const bytes = await tty.read(process, PIECE).catch(() => "");
    if (bytes === "") return;
    const { send, say, over } = escapes.take(bytes);
    if (send !== "") line.send(send);
    if (say !== "") await process.error(say);
    if (!over) continue;
    ending.cut = true;
    // Whoever listens hears that there is nothing more to come.
    line.hear({ kind: "lost" });
    return;
  }
}

async function piped(process: Process, { noInput }: SshOptions, line: Line): Promise<void> {
  const input = noInput ? undefined : process.fds.find(0);
  while (input && !process.ended) {
    let bytes: string;
    try {
      bytes = await input.read(process, PIECE);
    } catch {
      return;
    }
    if (bytes === "") break;
    line.send(bytes);
  }
  line.end();
}
