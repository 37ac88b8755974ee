import { exitCode, signalDescription, type ChildChange, type ExitStatus, type Signal } from "../../sim/host/index.ts";

export type JobState = "running" | "stopped" | "done";

/** A process as it was started. */
export interface StartedProcess {
  /** Its number on the machine. */
  readonly pid: number;
  /** Its number as it is seen here: `$!`, `jobs -l`. */
  readonly shown: number;
  /** Its command, for `jobs -l`. */
  readonly text: string;
}

/** A process of a job, and what has become of it. */
export interface Member extends StartedProcess {
  status: ExitStatus | undefined;
  stopped: Signal | undefined;
}

/** A pipeline that was started: its processes, and what has become of them. */
export class Job {
  number = 0;
  readonly members: readonly Member[];
  readonly pgid: number;
  /** The whole command. */
  readonly text: string;
  /** Where it was started, shown if the shell has gone elsewhere since. */
  readonly directory: string;
  background: boolean;
  /** True once its present state was told. */
  notified = false;
  /** `disown -h`: no SIGHUP when the shell ends. */
  keepsRunning = false;

  constructor(
    members: readonly StartedProcess[],
    options: { pgid: number; text: string; directory: string; background: boolean },
  ) {
    this.members = members.map((member) => ({ ...member, status: undefined, stopped: undefined }));
    this.pgid = options.pgid;
    this.text = options.text;
    this.directory = options.directory;
    this.background = options.background;
  }

  copy(): Job {
    const copy = new Job(this.members, this);
    for (const [at, { status, stopped }] of this.members.entries())
      Object.assign(copy.members[at]!, { status, stopped });
    copy.number = this.number;
    return copy;
  }

  get pids(): number[] {
    return this.members.map((member) => member.pid);
  }

  get state(): JobState {
    if (this.members.every((member) => member.status)) return "done";
    return this.members.every((member) => member.status ?? member.stopped) ? "stopped" : "running";
  }

  /** The last process decides how the job ended. */
  get last(): Member {
    return this.members.at(-1)!;
  }

  /** Takes news of one of its processes. */
  note({ pid, change, status, signal }: ChildChange): void {
    const member = this.members.find((candidate) => candidate.pid === pid);
    if (!member) return;
    this.notified = false;
    if (change === "exited") member.status = status;
    member.stopped = change === "stopped" ? signal : undefined;
  }

  /** It is known to run again. */
  goOn(): void {
    for (const member of this.members) member.stopped = undefined;
    this.background = true;
    this.notified = true;
  }

  /** `$?` as it stands: 128 and the signal for a stopped job. */
  get status(): number {
    const { status, stopped } = this.last;
    if (status) return exitCode(status);
    const signal = stopped ?? this.members.find((member) => member.stopped)?.stopped;
    return signal === undefined ? 0 : exitCode({ signal });
  }
}

/** `Running`, `Done`, `Exit 3`, `Terminated`, `Stopped`. */
export function describeMember({ status, stopped }: Member): string {
  if (stopped) return stopped === "SIGTSTP" ? "Stopped" : signalDescription(stopped);
  if (!status) return "Running";
  if ("signal" in status) return signalDescription(status.signal);
  return status.code === 0 ? "Done" : `Exit ${status.code}`;
}
