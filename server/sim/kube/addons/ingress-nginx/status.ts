import { SECOND, type Duration } from "../../../kernel/index.ts";
import { isStatus, sameJson, Unreachable, type Client, type Ingress, type IngressLoadBalancerIngress, type Service } from "../../api/index.ts"; // prettier-ignore
import { ingresses, nodes, pods } from "../../kinds/index.ts";
import { logOf, type Controller, type RunningControllers } from "./running.ts";

const EVENT = "ingress-nginx/status";

type Addresses = readonly IngressLoadBalancerIngress[];

/**
 * Writes under which addresses Ingresses can be reached (internal/ingress/status). The leader looks once a minute; a look
 * is planned only when something was written that could matter.
 */
export class StatusSync {
  readonly #running: RunningControllers;

  constructor(running: RunningControllers) {
    this.#running = running;
    running.kernel.handle<string>(EVENT, (key) => this.#look(key));
  }

  /** At the next of its looks. `soon` for the first one, when it begins to lead. */
  plan({ key }: Pick<Controller, "key">, soon?: Duration): void {
    const { row } = this.#running.find(key) ?? {};
    if (!row || row.leads === undefined || row.statusDue || !row.options.flags["update-status"]) return;
    this.#running.change(key, { statusDue: true });
    const { now } = this.#running.kernel;
    const period = row.options.numbers["status-update-interval"] * SECOND;
    const next = row.leads + (Math.floor((now - row.leads) / period) + 1) * period;
    this.#running.kernel.at(soon === undefined ? next : now + soon, EVENT, key);
  }

  /** The controller goes: what only it serves has no address any more. */
  remove(controller: Controller): void {
    const { self, session, row } = controller;
    const { flags, text } = row.options;
    if (row.leads === undefined || !flags["update-status"] || !flags["update-status-on-shutdown"]) return;
    const log = logOf(self);
    log("I", "status.go:120", '"updating status of Ingress rules (remove)"');
    const reached = session.reach();
    if ("error" in reached || !row.pod) return;
    const others = podsLike(reached.client, row.pod).filter((pod) => pod.metadata.name !== row.pod!.name);
    if (others.length > 0) return log("I", "status.go:134", '"leaving status update for next leader"');
    const addresses = this.#addresses(controller, reached.client);
    log("I", "status.go:138", `"removing value from ingress status" address=${JSON.stringify(addresses)}`);
    if (text["publish-service"] !== "" && addresses.length === 0) return;
    this.#write(controller, reached.client, []);
  }

  #look(key: string): void {
    this.#running.change(key, { statusDue: undefined });
    const controller = this.#running.find(key);
    if (!controller || controller.row.phase !== "running" || controller.row.leads === undefined) return;
    const reached = controller.session.reach();
    if ("error" in reached) return this.plan(controller);
    this.#write(controller, reached.client, this.#addresses(controller, reached.client));
  }

  #write(controller: Controller, client: Client, addresses: Addresses): void {
    const store = this.#running.store(controller, client);
    const log = logOf(controller.self);
    for (const ingress of client.list(ingresses, controller.row.options.text["watch-namespace"])) {
      if ("error" in store.classOf(ingress)) continue;
      const current = ingress.status.loadBalancer.ingress ?? [];
      if (sameJson(plain(current), addresses)) continue;
      const { namespace = "", name } = ingress.metadata;
      log("I", "status.go:304", `"updating Ingress status" namespace="${namespace}" ingress="${name}" currentValue=${current.length === 0 ? "null" : JSON.stringify(current)} newValue=${JSON.stringify(addresses)}`); // prettier-ignore
      try {
        const loadBalancer = addresses.length === 0 ? {} : { ingress: addresses };
        client.updateStatus(ingresses, { ...ingress, status: { loadBalancer } } satisfies Ingress);
      } catch (error) {
        if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
        log("W", "status.go:307", `error updating ingress rule: ${error.message}`);
      }
    }
  }

  /** runningAddresses() */
  #addresses({ row, self }: Controller, client: Client): Addresses {
    const { text, flags } = row.options;
    if (text["publish-status-address"] !== "")
      return text["publish-status-address"].split(",").map((word) => addressOf(word.trim()));
    if (text["publish-service"] !== "") {
      const [namespace, name] = text["publish-service"].split("/") as [string, string];
      const service = this.#running.store({ row, self } as Controller, client).service(`${namespace}/${name}`);
      return service ? serviceAddresses(service) : [];
    }
    const found = new Set<string>();
    for (const pod of podsLike(client, row.pod!)) {
      if (pod.status?.phase !== "Running" || pod.metadata.deletionTimestamp !== undefined) continue;
      if (!pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) continue;
      const list = client.get(nodes, "", pod.spec.nodeName ?? "")?.status?.addresses ?? [];
      const of = (type: string): string | undefined => list.find((one) => one.type === type)?.address;
      const address = flags["report-node-internal-ip-address"]
        ? of("InternalIP")
        : (of("ExternalIP") ?? of("InternalIP"));
      if (address !== undefined) found.add(address);
    }
    return [...found].toSorted().map(addressOf);
  }
}

function podsLike(
  client: Client,
  { namespace, labels }: { namespace: string; labels: Readonly<Record<string, string>> },
) {
  const own = Object.entries(labels).filter(([key]) => key !== "pod-template-hash" && key !== "controller-revision-hash" && key !== "pod-template-generation"); // prettier-ignore
  return client
    .list(pods, namespace)
    .filter((pod) => own.every(([key, value]) => pod.metadata.labels?.[key] === value));
}

function addressOf(text: string): IngressLoadBalancerIngress {
  return /^[\d.]+$|:/.test(text) ? { ip: text } : { hostname: text };
}

/** statusAddressFromService */
function serviceAddresses({ spec, status }: Service): Addresses {
  const external = (spec.externalIPs ?? []).map((ip) => ({ ip }));
  switch (spec.type) {
    case "ExternalName":
      return [{ hostname: spec.externalName ?? "" }];
    case "ClusterIP":
      return [{ ip: spec.clusterIP ?? "" }];
    case "NodePort":
      return external.length > 0 ? external : [{ ip: spec.clusterIP ?? "" }];
    case "LoadBalancer": {
      const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ({
        ...(ip === undefined ? {} : { ip }),
        ...(hostname === undefined ? {} : { hostname }),
      }));
      return [...given, ...external];
    }
    default:
      return [];
  }
}

function plain(addresses: Addresses): Addresses {
  return addresses.map(({ ip, hostname }) => ({
    ...(ip === undefined ? {} : { ip }),
    ...(hostname === undefined ? {} : { hostname }),
  }));
}
