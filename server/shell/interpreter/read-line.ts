import type { OpenFile } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** What was read up to a delimiter, which is not part of `bytes`. */
export interface ReadUntil {
  readonly bytes: Bytes;
  /** How it ended: at the delimiter, at the end of the input, after `most` bytes, at the deadline. */
  readonly end: "delimiter" | "eof" | "full" | "timeout";
}

/** Reads from a file up to a delimiter and nothing of what is behind it. `deadline` is a simulated time. */
export function* readUntil(
  shell: Shell,
  file: OpenFile,
  delimiter: string,
  { most = Infinity, deadline }: { most?: number; deadline?: number | undefined } = {},
): Steps<ReadUntil> {
  let bytes = "";
  while (bytes.length < most) {
    if (deadline !== undefined && !(yield* waitReadable(shell, file, deadline))) return { bytes, end: "timeout" };
    const max = Math.min(most - bytes.length, 65_536);
    const read = (): Bytes | Promise<Bytes> =>
      delimiter === "" ? file.read(shell.process, max) : file.readUntil(shell.process, delimiter, max);
    const first = read();
    let pending: Bytes | Promise<Bytes> | undefined = first;
    const chunk: Bytes =
      typeof first === "string"
        ? first
        : yield* shell.signals.during(async () => {
            const now = pending ?? read();
            pending = undefined;
            return now;
          }, true);
    if (chunk === "") return { bytes, end: "eof" };
    if (delimiter !== "" && chunk.endsWith(delimiter)) return { bytes: bytes + chunk.slice(0, -1), end: "delimiter" };
    bytes += chunk;
    if (bytes.length > shell.kernel.limits.memory) return { bytes, end: "full" };
  }
  return { bytes, end: "full" };
}

/** Waits until there is something to read; false if the deadline came first. */
function* waitReadable(shell: Shell, file: OpenFile, deadline: number): Steps<boolean> {
  if (file.readable) return true;
  const { process, kernel } = shell;
  const wait = (): Promise<boolean> =>
    process.block<boolean>((wake) => {
      const unregister = file.onReadable(() => wake(true));
      const cancel = kernel.timer(Math.max(0, deadline - kernel.now), () => wake(false));
      return () => {
        unregister();
        cancel();
      };
    });
  return yield* shell.signals.during(wait, true);
}
