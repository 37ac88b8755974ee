import { encode } from "../../sim/kernel/index.ts";
import { attempt as tried, basename, Errno, open, type OpenFile } from "../../sim/host/index.ts";
import { field, type ResponseHead, type ResponseStream } from "../http/response-stream.ts";
import { errorWords } from "../netdb/libc.ts";
import { dotLines, progressBar } from "./progress.ts";
import { EXIT, Failed, type Run } from "./run.ts";
import { lengthLine, speed } from "./units.ts";
import type { Target } from "./url.ts";

export async function save(
  run: Run,
  target: Target,
  stream: ResponseStream,
  method: string,
  head: ResponseHead,
): Promise<void> {
  const process = run.process;
  await run.log(lengthLine(head));
  const name = fileName(run, target);
  const prefix = run.given.value("prefix");
  if (prefix !== undefined && run.given.value("output") === undefined)
    tried(() => process.host.files.mkdir(prefix, { parents: true }, process));
  let output: OpenFile;
  try {
    output = name === "-" ? process.fds.get(1) : open(process.host, name, { write: true, truncate: true }, process);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await run.log(
      `${name}: ${errorWords(process.host, error.code)}\n\nCannot write to ‘${name}’ (${errorWords(process.host, error.code)}).\n`,
      true,
    );
    throw new Failed(EXIT.file);
  }
  output.retain();
  await run.log(`Saving to: ‘${name === "-" ? "STDOUT" : name}’\n\n`);
  const started = process.kernel.now;
  const length = field(head, "content-length");
  const total = length === undefined ? undefined : Number(length);
  const tty = run.given.value("progress")?.startsWith("dot") ? undefined : process.fds.find(2)?.tty;
  const label = run.given.value("output") ?? basename(name);
  const bar = (amount: number, time: number | undefined): string => progressBar(label, amount, total, time, tty!.cols);
  if (tty && !run.given.has("noVerbose")) await run.log(bar(0, undefined));
  let done = 0;
  if (run.given.has("saveHeaders"))
    await output.write(process, head.lines.map((line) => `${encode(line)}\r\n`).join("") + "\r\n");
  const body = stream.body(method, head);
  let missing = false;
  for (;;) {
    const step = await body.next();
    if (step.done) {
      missing = step.value.missing !== undefined;
      break;
    }
    await output.write(process, step.value);
    done += step.value.length;
  }
  output.drop();
  const span = process.kernel.now - started;
  if (!run.given.has("noVerbose")) await run.log(tty ? `${bar(done, span)}\n` : dotLines(done, total, span));
  const amount = total === undefined ? `[${done}]` : `[${done}/${total}]`;
  const rate = speed(done, span);
  const what = name === "-" ? `written to stdout ${amount}` : `‘${name}’ saved ${amount}`;
  if (missing) {
    await run.log(`${run.stamp()} (${rate}) - Connection closed at byte ${done}. `);
    throw new Failed(EXIT.network, true);
  }
  if (run.given.has("noVerbose")) await run.log(`${run.stamp()} URL:${target.text} ${amount} -> "${name}" [1]\n`, true);
  else await run.log(`\n${run.stamp()} (${rate}) - ${what}\n\n`);
}

/** `-O`, or the last part of the URL with a number if there is such a file already. */
export function fileName(run: Run, target: Target): string {
  const given = run.given.value("output");
  if (given !== undefined) return given;
  const name = plainName(run, target);
  if (!run.process.host.files.exists(run.path(name))) return name;
  for (let number = 1; ; number++)
    if (!run.process.host.files.exists(run.path(`${name}.${number}`))) return `${name}.${number}`;
}

export function plainName(run: Run, target: Target): string {
  const plain = target.path.replace(/^.*\//, "") || "index.html";
  const prefix = run.given.value("prefix");
  return prefix === undefined || prefix === "." ? plain : `${prefix.replace(/\/$/, "")}/${plain}`;
}
