import type { Time } from "../../kernel/index.ts";
import type { ExitStatus } from "../process/process-row.ts";

/** Commands of a unit that run beside its main process, in systemd's names. */
export type Phase = "ExecStartPre" | "ExecStartPost" | "ExecReload" | "ExecStop" | "ExecStopPost";

/** A command that a unit ran and how it ended, for the `Process:` lines of `systemctl status`. */
export interface RanCommand {
  readonly pid: number;
  /** `ExecStart`, `ExecStartPre`… */
  readonly key: string;
  readonly text: string;
  readonly status: ExitStatus;
}

/** What systemd keeps of a unit. Plain data. */
export interface UnitState {
  readonly name: string;
  readonly active: "active" | "reloading" | "inactive" | "failed" | "activating" | "deactivating";
  /** `running`, `exited`, `dead`, `failed`, `auto-restart`, `start-pre`, `start`, `stop-sigterm`… */
  readonly sub: string;
  /** When it entered this state; 0 before it ever left the first. */
  readonly since: Time;
  /** When it last became active. */
  readonly activeSince?: Time;
  readonly mainPid?: number;
  readonly result: "success" | "exit-code" | "signal" | "timeout" | "start-limit-hit";
  readonly ran: readonly RanCommand[];
  readonly restarts: number;
  /** The texts of the unit's files when systemd last read them. */
  readonly loaded: string;
  /** It was asked to stop; `start`: and to start again then. */
  readonly afterStop?: "start" | "stay";
  readonly restartEvent?: number;
  /** For `Type=oneshot`: which of its commands runs, from 0. */
  readonly step?: number;
  /** The command beside the main process that runs now. */
  readonly control?: { readonly pid: number; readonly phase: Phase; readonly step: number; readonly text: string };
  /** How its main process ended last, until the unit is dead. */
  readonly mainExit?: ExitStatus;
  /** It kills what does not end in time. */
  readonly killEvent?: number;
  /** How the last reload ended. */
  readonly reloadFailed?: boolean;
  /** Its latest starts, for the start limit. */
  readonly starts?: readonly Time[];
}

/** A change of some fields; undefined takes one away. */
export type UnitChange = { readonly [K in keyof UnitState]?: UnitState[K] | undefined };

/** How a job asked of systemd ended at once. */
export type JobResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: "not-found" | "masked" | "failed" | "no-start-command" };

/** What a unit is while such a command runs. */
export const PHASE_STATES: Readonly<Record<Phase, Pick<UnitState, "active" | "sub">>> = {
  ExecStartPre: { active: "activating", sub: "start-pre" },
  ExecStartPost: { active: "activating", sub: "start-post" },
  ExecReload: { active: "reloading", sub: "reload" },
  ExecStop: { active: "deactivating", sub: "stop" },
  ExecStopPost: { active: "deactivating", sub: "stop-post" },
};
