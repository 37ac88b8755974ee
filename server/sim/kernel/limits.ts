import { SECOND, type Duration } from "./time.ts";

/** What one session may use. Reaching a limit is an ordinary error message, never a crash. Sizes in bytes. */
export interface Limits {
  /** What a pipe holds before its writer waits, as Linux' default. */
  readonly pipeBuffer: number;
  /** What a terminal holds of typed input that nobody has read. */
  readonly ttyInput: number;
  /** The longest line that the shell reads. */
  readonly commandLine: number;
  /** The longest line that can be edited at a prompt. */
  readonly editedLine: number;
  /** What a command substitution or a filter may hold in memory. */
  readonly memory: number;
  /** What the programs of a session hold in memory together. */
  readonly memoryTotal: number;
  /** The largest file, and all files of a session together. */
  readonly fileSize: number;
  readonly filesTotal: number;
  /** Processes of a session at once. */
  readonly processes: number;
  /** Open files of a process. */
  readonly openFiles: number;
  /** How deep functions, subshells and sourced files may nest. */
  readonly shellDepth: number;
  /** Objects in one cluster's API. */
  readonly objects: number;
  /** Lines that a host's journal or a container's log keeps. */
  readonly logLines: number;
  /** Entries in the connection tracking table of a network namespace. */
  readonly conntrack: number;
  /** Links, addresses, routes, rules and neighbours of a network namespace, each. */
  readonly networkRows: number;
  /** Hops after which a packet is taken to loop (its TTL ends most loops sooner). */
  readonly hops: number;
  /** Interpreter steps after which a program yields to the others. */
  readonly stepsPerYield: number;
  /** How long `settle` waits for the world to come to rest. */
  readonly settle: Duration;
  /** Simulated time, and interpreter steps, after which `exec` interrupts a part that has not ended. */
  readonly partTime: Duration;
  readonly partSteps: number;
}

export const LIMITS: Limits = {
  pipeBuffer: 65_536,
  ttyInput: 1_048_576,
  commandLine: 2_097_152,
  editedLine: 262_144,
  memory: 33_554_432,
  memoryTotal: 268_435_456,
  fileSize: 33_554_432,
  filesTotal: 134_217_728,
  processes: 2_048,
  openFiles: 1_024,
  shellDepth: 512,
  objects: 20_000,
  logLines: 5_000,
  conntrack: 65_536,
  networkRows: 16_384,
  hops: 512,
  stepsPerYield: 1_000,
  settle: 120 * SECOND,
  partTime: 600 * SECOND,
  partSteps: 1_000_000,
};
