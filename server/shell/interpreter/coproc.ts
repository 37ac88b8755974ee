import { printCommand, type Coproc } from "../syntax/index.ts";
import { assign, assignArray } from "./assignment.ts";
import { forkShell, roomToFork } from "./fork.ts";
import { runAlone, started } from "./pipeline.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** `coproc NAME command`: runs it in the background, with pipes to and from it in the array NAME. */
export function* runCoproc(shell: Shell, { name, body, redirects }: Coproc): Steps<number> {
  yield* roomToFork(shell);
  const text = `coproc ${name} ${printCommand(body)}`;
  const input = shell.process.pipe();
  const output = shell.process.pipe();
  const fds = shell.process.fds.copy();
  fds.set(0, input.reader);
  fds.set(1, output.writer);
  const command = redirects.length > 0 && "redirects" in body ? { ...body, redirects: [...body.redirects, ...redirects] } : body; // prettier-ignore
  const child = forkShell(shell, (copy) => runAlone(copy, command), {
    fds,
    ...(shell.jobs.control ? { pgid: 0 } : {}),
  });
  const reader = shell.process.fds.add(output.reader, 60);
  const writer = shell.process.fds.add(input.writer, 60);
  const elements = [reader, writer].map((fd) => ({ key: undefined, append: false, value: String(fd) }));
  assignArray(shell, name, elements, false);
  const job = shell.jobs.addBackground([started(child, text)], child.row.pgid, text);
  assign(shell, { name: `${name}_PID`, subscript: undefined }, String(job.last.shown));
  if (shell.interactive) shell.writeError(`[${job.number}] ${job.last.shown}\n`);
  return 0;
}
