import type { Time } from "../../kernel/index.ts";
import { signalNumber, type Signal } from "./signal.ts";

export type ExitStatus = { readonly code: number } | { readonly signal: Signal };

/** What `$?` shows: the exit code, or 128 and the signal's number. */
export function exitCode(status: ExitStatus): number {
  return "code" in status ? status.code : 128 + signalNumber(status.signal);
}

/** Where a process that nobody watches writes: the journal of its unit, or the log file of its container. */
export type LogTarget =
  | {
      readonly kind: "journal";
      readonly identifier: string;
      readonly unit?: string;
      /** Files to which its unit sends its output (1) and errors (2) instead. */
      readonly files?: Readonly<Record<1 | 2, string | null>>;
    }
  | { readonly kind: "container"; readonly path: string };

/** A process as the process table of its machine shows it: plain data. */
export interface ProcessRow {
  /** Its number on the machine, unique there also among those in containers. */
  readonly pid: number;
  /** Its number inside its host: the same on the machine itself, counted from 1 in a container. */
  readonly nspid: number;
  /** Its process namespace, if it is not that of its host alone (`HostRow.pidns`). */
  readonly pidns?: string;
  /** The host (machine or container) that it runs on. */
  readonly host: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask: number;
  /** The first 15 characters of the program's file name, as the kernel keeps it. */
  readonly comm: string;
  readonly argv: readonly string[];
  /** The path of the program file. */
  readonly exe: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tty?: string;
  /** A network namespace other than its host's. */
  readonly netns?: string;
  /** What root may as this process, if it came from a host where root may less (chroot): as HostRow.capabilities. */
  readonly capabilities?: readonly string[];
  /** Bytes of memory that it has taken beyond its program's usual size, and processors that it keeps busy. */
  readonly allocated?: number;
  readonly busy?: number;
  readonly startedAt: Time;
  readonly state: "running" | "stopped" | "zombie";
  readonly exit?: ExitStatus;
  /** Signals that came while it was stopped. */
  readonly pending?: readonly Signal[];
  /** For a daemon: the registered program that its events belong to, and its own state. */
  readonly daemon?: string;
  readonly data?: unknown;
  readonly log?: LogTarget;
  /** Named handler that is told when it ends (a container runtime, systemd). */
  readonly onExit?: { readonly kind: string; readonly args: unknown };
}

export function comm(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 15);
}
