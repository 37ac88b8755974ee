export { capable, type Capability } from "./capabilities.ts";
export { buildBaseFiles } from "./base-files.ts";
export { attempt, Errno, errnoNumber, strerror, type ErrnoCode } from "./errno.ts";
export { elsewhereOf, leadElsewhere, Line, type Call, type Elsewhere } from "./elsewhere.ts";
export type { BaseFiles, FileSystem } from "./files/file-system.ts";
export { ROOT_INODE, type FileType, type Inode, type Stat } from "./files/inode.ts";
export { ROOT, type Caller, type Mount } from "./files/mount-namespace.ts";
export { parseYamlText } from "./files/yaml-text.ts";
export { basename, dirname, isAbsolute, isWithin, join, resolve } from "./files/path.ts";
export { directory, file, type ViewNode } from "./files/view.ts";
export type { Host, ViewContext } from "./host.ts";
export { Hosts, Part, type Profile } from "./hosts.ts";
export type { Machine } from "./machine.ts";
export { DaemonProcess } from "./process/daemon-process.ts";
export { programStub, programVersion, readExecutable } from "./process/executable.ts";
export { FdTable } from "./process/fd-table.ts";
export { LineInput, readAll } from "./process/line-input.ts";
export { MemoryInput, MemoryOutput } from "./process/memory-file.ts";
export { OpenFile } from "./process/open-file.ts";
export { passedOn } from "./process/passed-on.ts";
export { allocate, memoryOf } from "./process/memory.ts";
export { makePipe, type WriteEnd } from "./process/pipe.ts";
export { exitCode, type ExitStatus, type ProcessRow } from "./process/process-row.ts";
export { Ended, Interrupted, Process, WALK_QUANTUM, type ChildChange } from "./process/process.ts";
export { isDaemon, type Daemon, type Program, type ProgramRegistry } from "./process/program.ts";
export { open, type OpenFlags } from "./process/regular-file.ts";
export { cpuPercent, memoryPercent, usageOf } from "./process/usage.ts";
export { parseSignal, SIGNAL_NAMES, signalDescription, signalNumber, type Signal } from "./process/signal.ts";
export { exec, findInPath, fork, resolveExecutable, spawn, spawnChild, type SpawnOptions } from "./process/spawn.ts";
export { uptime } from "./procfs/machine-files.ts";
export { ALPINE_CA_BUNDLE, CA_BUNDLE, CA_CERTIFICATES } from "./profiles/ca-certificates.ts";
export { deviceFiles } from "./profiles/devices.ts";
export type { FileSpec } from "./profiles/file-spec.ts";
export { OPENSSL_CONFIG, OPENSSL_FILES } from "./profiles/openssl-config.ts";
export {
  debian12Files,
  DPKG_STATUS,
  listText,
  packageLists,
  packageStatus,
  sshFingerprint,
  ubuntu24Files,
  ubuntu24HostFiles,
  type InstalledPackage,
} from "./profiles/index.ts";
export { bindServices, journalOf, systemdOf } from "./services.ts";
export { unitCommands, unitEnvironment } from "./systemd/command-line.ts";
export { systemdJournald } from "./systemd/journald.ts";
export type { JournalLine } from "./systemd/system-journal.ts";
export { describeExit } from "./systemd/service-policy.ts";
export type { Systemd } from "./systemd/systemd.ts";
export type { JobResult, RanCommand, UnitState } from "./systemd/unit-state.ts";
export { enablement, listUnitFiles, loadUnitFile, value, values, type UnitFile } from "./systemd/unit-file.ts";
export { COOKED, RAW, READLINE, type Termios } from "./tty/termios.ts";
export { TtyFile } from "./tty/tty-file.ts";
export { Tty, type Shown } from "./tty/tty.ts";
export type { Credentials, User } from "./users.ts";
export { mountAt, mountOptions, mountTable } from "./files/mount-table.ts";
