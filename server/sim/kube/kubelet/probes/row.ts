import type { Time } from "../../../kernel/index.ts";
import type { Steady } from "./steady.ts";

export type ProbeType = "startup" | "liveness" | "readiness";
export type ProbeResult = "success" | "failure" | "unknown";

/** A probe worker: one for each probe of each container of a Pod (prober/worker.go). */
export interface ProbeRow {
  readonly uid: string;
  readonly container: string;
  readonly type: ProbeType;
  /** The container that it last looked at. */
  readonly id: string;
  /** What is told of that container: the result that passed its threshold. */
  readonly result: ProbeResult;
  readonly last: ProbeResult | "";
  readonly run: number;
  readonly onHold: boolean;
  /** The event of the next time, and when it is; none while it sleeps because nothing changes. */
  readonly timer: number | null;
  readonly at: Time;
  /** The world as it was when the probe last ran. */
  readonly seen: string;
  /** What its success depends on, if that is known. */
  readonly steady?: Steady;
  /** A command runs. */
  readonly busy?: true;
}
