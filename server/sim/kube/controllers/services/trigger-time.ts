import type { Kernel, Table } from "../../../kernel/index.ts";
import type { Pod, Service, TimeText } from "../../api/index.ts";
import { podCondition } from "../pod-state.ts";

export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

interface Row {
  readonly service: TimeText;
  readonly pods: Readonly<Record<string, TimeText>>;
}

/** What the annotation of that name tells: when the change happened that a write of endpoints answers to (TriggerTimeTracker). */
export class TriggerTimes {
  readonly #rows: Table<string, Row>;

  constructor(kernel: Kernel, table: string) {
    this.#rows = kernel.state.table(table, { quiet: true });
  }

  /** The earliest change since the last call for that Service; undefined if none has a time. */
  next(key: string, service: Service, pods: readonly Pod[]): TimeText | undefined {
    const known = this.#rows.get(key);
    const created = service.metadata.creationTimestamp;
    const changes: TimeText[] = known && created <= known.service ? [] : [created];
    const times: Record<string, TimeText> = {};
    for (const pod of pods) {
      const time = podCondition(pod, "Ready")?.lastTransitionTime;
      if (!time) continue;
      const { name } = pod.metadata;
      times[name] = time;
      if (time > (known?.pods[name] ?? "")) changes.push(time);
    }
    this.#rows.set(key, { service: created, pods: times });
    return known ? changes.sort()[0] : created;
  }

  forget(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }
}
