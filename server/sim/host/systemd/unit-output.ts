import type { Bytes } from "../../kernel/index.ts";
import type { Host } from "../host.ts";
import { deviceFile } from "../process/device-file.ts";
import { FdTable } from "../process/fd-table.ts";
import { OpenFile } from "../process/open-file.ts";
import type { LogTarget } from "../process/process-row.ts";
import type { Process } from "../process/process.ts";
import { value, type UnitFile } from "./unit-file.ts";

type UnitLog = Extract<LogTarget, { kind: "journal" }>;

/** Where a service's output goes (systemd.exec(5), StandardOutput= and StandardError=): to the journal, or to files. */
export function unitLog(host: Host, unit: UnitFile, identifier: string): UnitLog {
  const asked = value(unit, "Service", "StandardOutput") ?? "journal";
  const error = value(unit, "Service", "StandardError") ?? "inherit";
  const files = [asked, error === "inherit" ? asked : error].map((where) => outputFile(host, where));
  const [output, errors] = files;
  return {
    kind: "journal",
    identifier,
    unit: unit.name,
    ...(output === undefined && errors === undefined ? {} : { files: { 1: output ?? null, 2: errors ?? null } }),
  };
}

/** `append:/var/log/x.log`; a file that is truncated is so at each start. */
function outputFile(host: Host, where: string): string | undefined {
  const [, how, path] = /^(append|truncate):(\/.+)$/.exec(where) ?? [];
  if (path === undefined) return undefined;
  if (how === "truncate" || !host.files.exists(path)) host.files.write(path, "", { mode: 0o644 });
  return path;
}

/** The descriptors that a service's program starts with: it reads nothing, and what it writes goes where its output goes. */
export function unitFiles(host: Host, log: UnitLog, mainPid: () => number): FdTable {
  const input = deviceFile(host, "/dev/null", "null", {});
  return new FdTable([
    [0, input],
    [1, new UnitOutput(host, log, 1, mainPid)],
    [2, new UnitOutput(host, log, 2, mainPid)],
  ]);
}

/** A stream to the journal: whole lines in the name of the unit's main process (systemd-journald.service(8), stdout streams). */
class UnitOutput extends OpenFile {
  readonly name = "socket:[1]";
  readonly #host: Host;
  readonly #log: UnitLog;
  readonly #fd: 1 | 2;
  readonly #mainPid: () => number;
  #rest: Bytes = "";

  constructor(host: Host, log: UnitLog, fd: 1 | 2, mainPid: () => number) {
    super();
    this.#host = host;
    this.#log = log;
    this.#fd = fd;
    this.#mainPid = mainPid;
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    const text = this.#rest + data;
    const end = this.#log.files?.[this.#fd] ? text.length : text.lastIndexOf("\n") + 1;
    this.#rest = text.slice(end);
    this.#send(text.slice(0, end));
  }

  protected override release(): void {
    this.#send(this.#rest);
  }

  #send(data: Bytes): void {
    if (data === "") return;
    const { machine } = this.#host;
    machine.hosts.writeLog(machine, { pid: this.#mainPid(), host: this.#host.name }, this.#log, this.#fd, data);
  }
}
