/** Signals of Linux on x86-64: number, what happens by default, and what the shell says of a process that died of it. */
const SIGNALS = {
  SIGHUP: [1, "terminate", "Hangup"],
  SIGINT: [2, "terminate", "Interrupt"],
  SIGQUIT: [3, "core", "Quit"],
  SIGILL: [4, "core", "Illegal instruction"],
  SIGTRAP: [5, "core", "Trace/breakpoint trap"],
  SIGABRT: [6, "core", "Aborted"],
  SIGBUS: [7, "core", "Bus error"],
  SIGFPE: [8, "core", "Floating point exception"],
  SIGKILL: [9, "terminate", "Killed"],
  SIGUSR1: [10, "terminate", "User defined signal 1"],
  SIGSEGV: [11, "core", "Segmentation fault"],
  SIGUSR2: [12, "terminate", "User defined signal 2"],
  SIGPIPE: [13, "terminate", "Broken pipe"],
  SIGALRM: [14, "terminate", "Alarm clock"],
  SIGTERM: [15, "terminate", "Terminated"],
  SIGSTKFLT: [16, "terminate", "Stack fault"],
  SIGCHLD: [17, "ignore", "Child exited"],
  SIGCONT: [18, "continue", "Continued"],
  SIGSTOP: [19, "stop", "Stopped (signal)"],
  SIGTSTP: [20, "stop", "Stopped"],
  SIGTTIN: [21, "stop", "Stopped (tty input)"],
  SIGTTOU: [22, "stop", "Stopped (tty output)"],
  SIGURG: [23, "ignore", "Urgent I/O condition"],
  SIGXCPU: [24, "core", "CPU time limit exceeded"],
  SIGXFSZ: [25, "core", "File size limit exceeded"],
  SIGVTALRM: [26, "terminate", "Virtual timer expired"],
  SIGPROF: [27, "terminate", "Profiling timer expired"],
  SIGWINCH: [28, "ignore", "Window changed"],
  SIGIO: [29, "terminate", "I/O possible"],
  SIGPWR: [30, "terminate", "Power failure"],
  SIGSYS: [31, "core", "Bad system call"],
} as const satisfies Record<string, readonly [number, string, string]>;

export type Signal = keyof typeof SIGNALS;

export type SignalAction = "terminate" | "core" | "ignore" | "stop" | "continue";

export const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly Signal[];

export function signalNumber(signal: Signal): number {
  return SIGNALS[signal][0];
}

export function defaultAction(signal: Signal): SignalAction {
  return SIGNALS[signal][1];
}

/** `Terminated`, as strsignal(3). */
export function signalDescription(signal: Signal): string {
  return SIGNALS[signal][2];
}

/** Reads `9`, `KILL`, `SIGKILL` in any case; undefined if there is no such signal. 0 is not a signal but a question. */
export function parseSignal(text: string): Signal | undefined {
  if (/^\d+$/.test(text)) return SIGNAL_NAMES.find((name) => signalNumber(name) === Number(text));
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  return Object.hasOwn(SIGNALS, name) ? (name as Signal) : undefined;
}
