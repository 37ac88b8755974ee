import type { DaemonProcess } from "./daemon-process.ts";
import type { Process } from "./process.ts";
import type { Signal } from "./signal.ts";

/** A program that runs while somebody waits for it: a shell, a filter, kubectl. */
export interface Program {
  readonly name: string;
  /** One line, as `whatis` would say. */
  readonly summary: string;
  /** `args` is argv without the name. Returns the exit code; uncaught `Errno`s are reported as `name: message`. */
  run(process: Process, args: readonly string[]): Promise<number>;
}

/**
 * A program that waits for events and is a state machine over plain data: kubelet, nginx, etcd. It survives snapshots and
 * forks. It may also be started in the foreground; it just never ends by itself.
 */
export interface Daemon {
  readonly name: string;
  readonly summary: string;
  /** Reads its arguments and files, opens its sockets, logs, plans events; calls `self.exit` if it cannot start. */
  start(self: DaemonProcess): void;
  /** True if it took care of the signal; else the default action follows. */
  signal?(self: DaemonProcess, signal: Signal): boolean;
  /** The process is gone, however it ended. */
  stopped?(self: DaemonProcess): void;
}

/** Finds programs by the name in their stub. Most are loaded when first used. */
export interface ProgramRegistry {
  find(name: string): Program | Daemon | Promise<Program | Daemon> | undefined;
}

export function isDaemon(program: Program | Daemon): program is Daemon {
  return "start" in program;
}
