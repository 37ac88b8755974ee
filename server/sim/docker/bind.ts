import { Part, type Hosts, type Machine } from "../host/index.ts";
import { containerdOf, onContainerExit } from "../kube/kubelet/index.ts";
import { containerEnded, RESTART, startContainer } from "./container/start.ts";
import { Engine } from "./engine.ts";
import { bindDockerProxy } from "./network/proxy.ts";
import { bindResolver } from "./network/resolver.ts";

const ENGINES = new Part<Engines>("docker engines");

class Engines {
  readonly #hosts: Hosts;
  readonly #views = new Map<string, Engine>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  of(machine: string): Engine {
    let view = this.#views.get(machine);
    if (!view) {
      const runtime = containerdOf(this.#hosts.machine(machine));
      view = new Engine(this.#hosts.machine(machine), runtime);
      this.#views.set(machine, view);
    }
    return view;
  }
}

export function engineOf(machine: Machine): Engine {
  return machine.hosts.part(ENGINES).of(machine.name);
}

/** Binds what Docker Engine does later than when it is asked. Once per world, again after restore and fork, behind the runtimes. */
export function bindDocker(hosts: Hosts): void {
  const engines = new Engines(hosts);
  hosts.provide(ENGINES, engines);
  bindDockerProxy(hosts);
  bindResolver(hosts, (machine) => engines.of(machine));
  onContainerExit(hosts, (machine, container) => {
    const engine = engines.of(machine);
    if (engine.containers.has(container)) containerEnded(engine, container);
  });
  hosts.kernel.handle(RESTART, ({ machine, container }: { machine: string; container: string }) => {
    const engine = engines.of(machine);
    const row = engine.containers.get(container);
    if (row && !row.stopped && engine.pid !== undefined) startContainer(engine, container);
  });
}
