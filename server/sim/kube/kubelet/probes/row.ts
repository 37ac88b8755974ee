import type { Time } from "../../../kernel/index.ts";
import type { Nearby } from "../../access/nearby.ts";

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
  /** Where the server is, if that alone decides what it answers. */
  readonly nearby?: Nearby;
  /** A command runs. */
  readonly busy?: true;
}
