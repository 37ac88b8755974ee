import { rfc3339 } from "../../../kernel/index.ts";
import {
  EventRecorder, isIpv6, referenceTo, sameJson, watching, type Client, type ControllerWatch, type IpAddress, type Service, type ServiceCidr,
} from "../../api/index.ts"; // prettier-ignore
import { allocatedAddress, events, ipAddresses, isAllocated, serviceCidrs, services } from "../../kinds/index.ts";

const NAME = "kubernetes";

/**
 * The ServiceCIDR that kube-apiserver makes of its flag, and the IPAddresses of Services that somebody has deleted
 * (pkg/controlplane/controller/defaultservicecidr, pkg/registry/core/service/ipallocator/controller).
 */
export class ServiceRange {
  readonly #client: Client;
  readonly #cidrs: () => readonly string[];
  readonly #recorder: EventRecorder;

  constructor(client: Client, cidrs: () => readonly string[]) {
    this.#client = client;
    this.#recorder = new EventRecorder(client, events, { component: "ipallocator-repair-controller" });
    this.#cidrs = cidrs;
  }

  watch(changed: () => void): ControllerWatch {
    return watching(serviceCidrs, ({ object }) => {
      if (object.metadata.name === NAME) changed();
      return [];
    });
  }

  /** Tells of an address that is gone although its Service is not. */
  watchAddresses(changed: () => void): ControllerWatch {
    return watching(ipAddresses, ({ type, object }) => {
      if (type === "DELETED" && this.#isHeld(object)) changed();
      return [];
    });
  }

  #isHeld(address: IpAddress): boolean {
    const { namespace = "", name = "" } = address.spec.parentRef ?? {};
    const service = isAllocated(address) ? this.#client.get(services, namespace, name) : undefined;
    return service?.spec.clusterIPs?.includes(address.metadata.name) ?? false;
  }

  /** The default range is made once, and grows to a second family; what else it says stays as it is. */
  ensure(): void {
    const cidrs = this.#cidrs();
    const current = this.#client.get(serviceCidrs, "", NAME);
    if (!current)
      return this.#makeReady(this.#client.create(serviceCidrs, { metadata: { name: NAME }, spec: { cidrs } }));
    const old = current.spec.cidrs ?? [];
    if (cidrs.length === 2 && old.length === 1 && old[0] === cidrs[0])
      this.#makeReady(this.#client.update(serviceCidrs, { ...current, spec: { cidrs } }));
    else this.#makeReady(current);
  }

  #makeReady(cidr: ServiceCidr): void {
    const { metadata, spec, status } = cidr;
    if (metadata.deletionTimestamp || status.conditions?.some(({ type }) => type === "Ready")) return;
    if (!sameJson(spec.cidrs, this.#cidrs())) return;
    const condition = {
      type: "Ready",
      status: "True",
      lastTransitionTime: rfc3339(this.#client.server.kernel.now),
      reason: "",
      message: "Kubernetes default Service CIDR is ready",
    };
    this.#client.updateStatus(serviceCidrs, { ...cidr, status: { conditions: [condition] } });
  }

  /** Every address that a Service has gets its IPAddress back. */
  repair(): void {
    for (const service of this.#client.list(services))
      for (const address of service.spec.clusterIPs ?? [])
        if (address !== "None" && !this.#client.get(ipAddresses, "", address)) this.#restore(service, address);
  }

  #restore(service: Service, address: string): void {
    const family = isIpv6(address) ? "IPv6" : "IPv4";
    this.#recorder.event(
      referenceTo(services, service),
      "Warning",
      "ClusterIPNotAllocated",
      `Cluster IP [${family}]: ${address} is not allocated; repairing`,
    );
    this.#client.create(ipAddresses, allocatedAddress(service, address));
  }
}
