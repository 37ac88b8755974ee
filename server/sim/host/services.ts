import { Part, type Hosts } from "./hosts.ts";
import type { Machine } from "./machine.ts";
import { machineFiles } from "./procfs/machine-files.ts";
import { processFiles } from "./procfs/process-files.ts";
import { bindJournal, SystemJournal } from "./systemd/system-journal.ts";
import { bindSystemd, Systemd } from "./systemd/systemd.ts";

const SERVICES = new Part<Services>("service manager");

/** What every machine has beside its processes: its service manager and its journal. */
class Services {
  readonly #hosts: Hosts;
  readonly #systemd = new Map<string, Systemd>();
  readonly #journals = new Map<string, SystemJournal>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  systemd(machine: string): Systemd {
    let systemd = this.#systemd.get(machine);
    if (!systemd)
      this.#systemd.set(machine, (systemd = new Systemd(this.#hosts.machine(machine), this.journal(machine))));
    return systemd;
  }

  journal(machine: string): SystemJournal {
    let journal = this.#journals.get(machine);
    if (!journal) this.#journals.set(machine, (journal = new SystemJournal(this.#hosts, machine)));
    return journal;
  }
}

/** Gives a world's machines their service managers, journals and /proc. Once per world. */
export function bindServices(hosts: Hosts): void {
  const services = new Services(hosts);
  hosts.provide(SERVICES, services);
  hosts.addView("proc", machineFiles);
  hosts.addView("proc", processFiles);
  bindJournal(hosts, (machine) => services.journal(machine));
  bindSystemd(hosts.kernel, (machine) => services.systemd(machine));
}

export function systemdOf(machine: Machine): Systemd {
  return machine.hosts.part(SERVICES).systemd(machine.name);
}

export function journalOf(machine: Machine): SystemJournal {
  return machine.hosts.part(SERVICES).journal(machine.name);
}
