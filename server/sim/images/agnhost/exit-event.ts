import type { Hosts } from "../../host/index.ts";

/** A process of ours that ends later. */
export const EXIT = "images/exit";

export function bindExit(hosts: Hosts): void {
  hosts.kernel.handle(EXIT, ({ machine, pid, code }: { machine: string; pid: number; code: number }) =>
    hosts.machine(machine).endDaemon(pid, { code }),
  );
}
