import { onContainerExit } from "../../../sim/kube/kubelet/index.ts";
import type { Hosts, Process } from "../../../sim/host/index.ts";

type Told = (code: number) => void;

/** Who waits for which container. Waiting belongs to running programs: nothing of it is state. */
const WAITING = new WeakMap<Hosts, Map<string, Set<Told>>>();

function waiting(hosts: Hosts): Map<string, Set<Told>> {
  let map = WAITING.get(hosts);
  if (map) return map;
  const made = new Map<string, Set<Told>>();
  WAITING.set(hosts, (map = made));
  onContainerExit(hosts, (_, container, code) => {
    for (const told of made.get(container) ?? []) told(code);
    made.delete(container);
  });
  return map;
}

/** Waits for a container's end from now on; its exit code. */
export function untilExit(process: Process, container: string): { code(): Promise<number>; cancel(): void } {
  const map = waiting(process.host.hosts);
  const tells = map.get(container) ?? new Set<Told>();
  map.set(container, tells);
  let ended: number | undefined;
  let wake: Told | undefined;
  const told: Told = (code) => {
    ended = code;
    wake?.(code);
  };
  tells.add(told);
  return {
    async code() {
      if (ended !== undefined) return ended;
      return process.block<number>((now) => {
        wake = now;
        return () => tells.delete(told);
      });
    },
    cancel: () => void tells.delete(told),
  };
}
