import { Errno, type OpenFile, type Process } from "../../sim/host/index.ts";
import { SECOND, type Bytes, type Duration } from "../../sim/kernel/index.ts";

export interface RelayOptions {
  /** Takes what comes; false ends the relay. */
  put(bytes: Bytes): Promise<boolean>;
  /** The relay is over when the input has ended. */
  readonly endsWithInput?: boolean;
  /** Nothing is read from the input. */
  readonly deaf?: boolean;
  /** Called once when the input has ended. */
  inputEnded?(): void;
  /** Ends after so long without traffic. */
  readonly idle?: Duration;
  /** Ends so long after the input has. */
  readonly linger?: Duration;
  /** Changes what is sent. */
  send?(bytes: Bytes): Bytes;
  /** Asked before something is sent: true leaves the relay instead. */
  interrupted?(): boolean;
}

/** Why a relay ended: the other end closed or broke off, nothing happened for too long, `interrupted` said so. */
export type RelayEnd = "ended" | "reset" | "idle" | "interrupted";

/**
 * Carries bytes between standard input and a socket, both ways, as poll(2) tells what can be read. Ends with the socket's
 * other end. `reset` if that end broke off.
 */
export async function relay(process: Process, socket: OpenFile, options: RelayOptions): Promise<RelayEnd> {
  const input = options.deaf ? undefined : process.fds.find(0);
  let inputOpen = input !== undefined;
  let lingerUntil = Infinity;
  for (;;) {
    const now = process.kernel.now;
    const limit = Math.min(options.idle === undefined ? Infinity : now + options.idle, lingerUntil);
    if (!socket.readable && !(inputOpen && input!.readable)) {
      if (limit <= now) return "idle";
      const woken = await waitFor(process, inputOpen ? [socket, input!] : [socket], limit - now);
      if (!woken) return "idle";
    }
    try {
      if (socket.readable) {
        const bytes = await socket.read(process, 65_536);
        if (bytes === "" || !(await options.put(bytes))) return "ended";
      }
      if (inputOpen && input!.readable) {
        const bytes = await input!.read(process, 65_536);
        if (bytes !== "") {
          const sent = options.send?.(bytes) ?? bytes;
          if (options.interrupted?.()) return "interrupted";
          await socket.write(process, sent);
        } else {
          inputOpen = false;
          if (options.endsWithInput) return "ended";
          options.inputEnded?.();
          if (options.linger !== undefined) lingerUntil = process.kernel.now + options.linger;
        }
      }
    } catch (error) {
      if (error instanceof Errno && error.code === "ECONNRESET") return "reset";
      if (error instanceof Errno && error.code === "ECONNREFUSED") return "reset";
      throw error;
    }
  }
}

/** A program that has heard nothing from its socket for so long waits for whoever sits at the terminal. */
const SILENCE = SECOND;

/** Waits until one of the files can be read; false if that took longer than `span`. */
export function waitFor(process: Process, files: readonly OpenFile[], span: Duration): Promise<boolean> {
  const tty = files.find((file) => file.tty)?.tty;
  return process.block<boolean>((wake) => {
    const undo = files.map((file) => file.onReadable(() => wake(true)));
    const cancel = span === Infinity ? () => {} : process.kernel.timer(span, () => wake(false));
    const silent =
      tty &&
      process.kernel.timer(SILENCE, () => {
        if (tty.foreground?.machine === process.machine && tty.foreground.pgid === process.row.pgid)
          tty.waiting = process;
      });
    return () => {
      for (const one of undo) one();
      cancel();
      silent?.();
      if (tty?.waiting === process) tty.waiting = undefined;
    };
  });
}
