import { MILLISECOND, SECOND, type Duration, type Table, type Time } from "../../../kernel/index.ts";
import {
  Client, ControllerLoop, type ControllerWatch, isIpv6, isNotFound, isStatus, sameJson, watching, type ApiServer, type Endpoints, type EndpointSlice,
  type Service,
} from "../../api/index.ts"; // prettier-ignore
import { endpoints, endpointSlices, namespaces, services } from "../../kinds/index.ts";
import { CidrSet } from "../nodeipam/cidr-set.ts";
import { ServiceRange } from "./service-range.ts";
import { makeSystemPriorityClasses } from "./system-priority-classes.ts";

export interface KubernetesServiceOptions {
  readonly api: ApiServer;
  /** Whether kube-apiserver runs. */
  readonly active: () => boolean;
  /** `--advertise-address` and `--secure-port`, and the ranges of `--service-cluster-ip-range`: the Service has the first address. */
  readonly settings: () => {
    readonly address: string;
    readonly port: number;
    readonly serviceCidrs: readonly string[];
  };
}

const NAMESPACE = "default";
const NAME = "kubernetes";
const SYSTEM_NAMESPACES = ["kube-system", "kube-public", "kube-node-lease", "default"];
const NAMESPACES_KEY = "namespaces";
const SERVICE_KEY = "service";
const RANGE_KEY = "range";
const ADDRESSES_KEY = "addresses";
/** How often upstream looks after the Service, and after the namespaces. */
const SERVICE_INTERVAL = 10 * SECOND;
const NAMESPACES_INTERVAL = 60 * SECOND;

/**
 * What kube-apiserver itself keeps in order: the range of Service addresses, the namespaces of the system, and the Service
 * by which Pods reach it with its Endpoints and EndpointSlice
 * (pkg/controlplane/controller/{defaultservicecidr,kubernetesservice,systemnamespaces}). Upstream does so at regular times;
 * here it happens at the next of those times if somebody has changed something.
 */
export class KubernetesService {
  readonly #api: ApiServer;
  readonly #client: Client;
  readonly #options: KubernetesServiceOptions;
  readonly #loop: ControllerLoop;
  readonly #range: ServiceRange;
  readonly #started: Table<string, Time>;
  #writing = false;

  constructor(options: KubernetesServiceOptions) {
    const { api, active } = options;
    this.#api = api;
    this.#options = options;
    this.#client = new Client(api, {
      user: { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] },
      userAgent: "kube-apiserver/v1.33.1",
    });
    this.#range = new ServiceRange(this.#client, () => options.settings().serviceCidrs);
    this.#started = api.kernel.state.table(`kube/${api.cluster}/kubernetes-service`, { quiet: true });
    const ours = watchingOurs(() => this.#changed(SERVICE_KEY, SERVICE_INTERVAL));
    this.#loop = new ControllerLoop(
      this.#client,
      {
        name: "kubernetes-service",
        watches: [
          ...[services, endpoints, endpointSlices].map((kind) => ours(kind as never)),
          this.#range.watch(() => this.#changed(RANGE_KEY, SERVICE_INTERVAL)),
          this.#range.watchAddresses(() => {
            if (!this.#writing) this.#loop.queue.add(ADDRESSES_KEY);
          }),
          watching(namespaces, ({ type, object }) => {
            if (type === "DELETED" && SYSTEM_NAMESPACES.includes(object.metadata.name))
              this.#changed(NAMESPACES_KEY, NAMESPACES_INTERVAL);
            return [];
          }),
        ],
        reconcile: (key) => this.#sync(key),
        delay: MILLISECOND,
      },
      active,
    );
  }

  /** The process has started: all is put in order at once. */
  start(): void {
    this.#started.set("at", this.#api.kernel.now);
    for (const key of [RANGE_KEY, NAMESPACES_KEY, SERVICE_KEY]) this.#sync(key);
    makeSystemPriorityClasses(this.#client);
    this.#loop.queue.resume();
  }

  stop(): void {
    this.#loop.stop();
  }

  #changed(key: string, interval: Duration): void {
    if (this.#writing) return;
    const { now } = this.#api.kernel;
    const passed = (now - (this.#started.get("at") ?? now)) % interval;
    this.#loop.queue.addAfter(key, interval - passed);
  }

  #sync(key: string): void {
    this.#writing = true;
    try {
      if (key === NAMESPACES_KEY) this.#ensureNamespaces();
      else if (key === RANGE_KEY) this.#range.ensure();
      else if (key === ADDRESSES_KEY) this.#range.repair();
      else this.#ensureService();
    } catch (error) {
      // The namespace `default` is about to be made, or is on its way out: next time.
      if (!isStatus(error)) throw error;
      this.#loop.queue.retry(key);
    } finally {
      this.#writing = false;
    }
  }

  #ensureNamespaces(): void {
    for (const name of SYSTEM_NAMESPACES)
      if (!this.#client.get(namespaces, "", name)) this.#client.create(namespaces, { metadata: { name } });
  }

  #ensureService(): void {
    const { address, port, serviceCidrs } = this.#options.settings();
    if (!this.#client.get(services, NAMESPACE, NAME))
      this.#client.create(services, service(firstAddress(serviceCidrs[0]!), port));
    const wanted = endpointsOf(address, port);
    const current = this.#client.get(endpoints, NAMESPACE, NAME);
    if (!current) this.#client.create(endpoints, wanted);
    else if (!sameJson(current.subsets, wanted.subsets) || !sameJson(current.metadata.labels, wanted.metadata.labels))
      this.#client.update(endpoints, {
        ...current,
        metadata: { ...current.metadata, labels: wanted.metadata.labels! },
        subsets: wanted.subsets,
      });
    this.#ensureSlice(address, port);
  }

  #ensureSlice(address: string, port: number): void {
    const wanted = sliceOf(address, port);
    const current = this.#client.get(endpointSlices, NAMESPACE, NAME);
    if (current && current.addressType !== wanted.addressType) this.#removeSlice();
    else if (current) {
      const { addressType, endpoints: members, ports } = wanted;
      const next = {
        ...current,
        metadata: { ...current.metadata, labels: wanted.metadata.labels! },
        addressType,
        endpoints: members,
        ports,
      };
      if (!sameJson(next, current)) this.#client.update(endpointSlices, next);
      return;
    }
    this.#client.create(endpointSlices, wanted);
  }

  #removeSlice(): void {
    try {
      this.#client.delete(endpointSlices, NAMESPACE, NAME);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

type Fresh<T extends { readonly metadata: object }> = Omit<T, "metadata"> & {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Record<string, string> };
};

/** Of a range for Services: `10.96.0.1`. */
function firstAddress(cidr: string): string {
  return new CidrSet(cidr, isIpv6(cidr.split("/")[0]!) ? 128 : 32).part(1).split("/")[0]!;
}

function watchingOurs(tell: () => void): (kind: Parameters<typeof watching>[0]) => ControllerWatch {
  return (kind: Parameters<typeof watching>[0]) =>
    watching(kind, ({ object: { metadata } }) => {
      if (metadata.namespace === NAMESPACE && metadata.name === NAME) tell();
      return [];
    });
}

function service(clusterIP: string, port: number): Omit<Fresh<Service>, "status"> {
  return {
    metadata: { name: NAME, namespace: NAMESPACE, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP,
      ipFamilyPolicy: "SingleStack",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
      sessionAffinity: "None",
      type: "ClusterIP",
    },
  };
}

function endpointsOf(ip: string, port: number): Fresh<Endpoints> & { subsets: NonNullable<Endpoints["subsets"]> } {
  return {
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip }], ports: [{ name: "https", port, protocol: "TCP" }] }],
  };
}

function sliceOf(address: string, port: number): Fresh<EndpointSlice> {
  return {
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "kubernetes.io/service-name": NAME } },
    addressType: isIpv6(address) ? "IPv6" : "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}
