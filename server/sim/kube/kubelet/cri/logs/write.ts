import { decode, encode, pad, rfc3339, type Bytes, type Kernel, type Table } from "../../../../kernel/index.ts";
import type { ContainerRow } from "../rows.ts";
import type { Containerd } from "../runtime.ts";

export type LogStream = "stdout" | "stderr";

/** containerLogMaxSize: a larger file is put aside, with the time in its name. */
const MAX_SIZE = 10 * 1024 * 1024;

/** The beginning of a line that has no end yet, by container and stream. */
function tails(runtime: Containerd): Table<string, Bytes> {
  return runtime.kernel.state.table(`cri/${runtime.machine.name}/log-tails`, { quiet: true });
}

/** Appends what a container printed to its log, line by line, as containerd's logger does (pkg/cri/io/logger.go). */
export function writeLog(runtime: Containerd, row: ContainerRow, stream: LogStream, data: Bytes): void {
  const waiting = tails(runtime);
  const key = `${row.id}/${stream}`;
  const before = waiting.get(key);
  if (before !== undefined) waiting.delete(key);
  const limit = runtime.running?.config.maxLogLine ?? 16_384;
  let text = "";
  let rest = before === undefined ? data : before + data;
  for (;;) {
    const end = rest.indexOf("\n");
    if (limit > 0 && (end < 0 ? rest.length : end) > limit) {
      text += entry(runtime, row, stream, "P", rest.slice(0, limit));
      rest = rest.slice(limit);
    } else if (end < 0) break;
    else {
      text += entry(runtime, row, stream, "F", rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
  }
  if (rest !== "") waiting.set(key, rest);
  if (text !== "") append(runtime, row, text);
}

/** The container has ended: a line without an end is told as a part of one. */
export function flushLog(runtime: Containerd, row: ContainerRow): void {
  const waiting = tails(runtime);
  for (const stream of ["stdout", "stderr"] as const) {
    const rest = waiting.get(`${row.id}/${stream}`);
    if (rest === undefined) continue;
    waiting.delete(`${row.id}/${stream}`);
    append(runtime, row, entry(runtime, row, stream, "P", rest));
  }
}

function entry(
  { kernel }: Containerd,
  { logDriver }: ContainerRow,
  stream: LogStream,
  tag: "F" | "P",
  text: Bytes,
): Bytes {
  const time = rfc3339Nano(kernel);
  if (logDriver === undefined) return `${time} ${stream} ${tag} ${text}\n`;
  // moby daemon/logger/jsonfilelog: the end of a line is a part of its text.
  const log = decode(text) + (tag === "F" ? "\n" : "");
  return encode(`${JSON.stringify({ log, stream, time })}\n`);
}

/** Now as Go's RFC3339Nano: zeros at the end are cut. */
export function rfc3339Nano(kernel: Kernel): string {
  const nanos = `${pad(kernel.now % 1_000_000, 6)}${pad(kernel.random.below("cri/nanos", 1000), 3)}`.replace(/0+$/, "");
  return `${rfc3339(kernel.now).slice(0, 19)}${nanos === "" ? "" : `.${nanos}`}Z`;
}

function append(runtime: Containerd, row: ContainerRow, text: Bytes): void {
  const { log } = row;
  if (!log) return;
  const files = runtime.host.fileSystem(log.id);
  const inode = files.has(log.ino) ? files.get(log.ino) : undefined;
  // A file that was removed still has its writer, but nobody can read it any more.
  if (inode?.type === "file") {
    const full = inode.data.length + text.length > MAX_SIZE;
    const data = full ? rotate(runtime, row, inode.data) + text : bounded(runtime, row.id, inode.data, text);
    runtime.ownWrites(() => runtime.host.files.replaceData(log.id, log.ino, log.directory, data));
  }
  runtime.logChanged(row.id);
}

/** A log keeps its last lines, up to the limit of a session. Counted roughly: nothing is looked through for a line. */
function bounded(runtime: Containerd, id: string, data: Bytes, text: Bytes): Bytes {
  const count = (runtime.logLines.get(id) ?? lines(data)) + lines(text);
  const { logLines } = runtime.kernel.limits;
  if (count <= 2 * logLines) {
    runtime.logLines.set(id, count);
    return data + text;
  }
  let at = 0;
  for (let drop = count - logLines; drop > 0; drop--) at = (data + text).indexOf("\n", at) + 1;
  runtime.logLines.set(id, logLines);
  return (data + text).slice(at);
}

function lines(data: Bytes): number {
  let count = 0;
  for (let at = data.indexOf("\n"); at >= 0; at = data.indexOf("\n", at + 1)) count++;
  return count;
}

/** pkg/kubelet/logs container_log_manager.go rotateLatestLog: `0.log.20261121-100000`. */
function rotate(runtime: Containerd, row: ContainerRow, data: Bytes): Bytes {
  const stamp = rfc3339(runtime.kernel.now).replace(/[-:Z]/g, "").replace("T", "-");
  const path = `${logPathOf(row)}.${stamp}`;
  runtime.host.files.write(path, data, { mode: 0o640 });
  runtime.logLines.set(row.id, 0);
  return "";
}

/** `/var/log/pods/‹namespace›_‹pod›_‹uid›/‹container›/‹attempt›.log` */
export function logPathOf(row: ContainerRow): string {
  return `${row.logDirectory}/${row.config.logPath}`;
}
