import { rfc3339Micro, SECOND } from "../../../kernel/index.ts";
import { EventRecorder, isStatus, referenceTo, Unreachable, type Lease } from "../../api/index.ts";
import { clustersOf } from "../../cluster/cluster.ts";
import { events, leases, pods } from "../../kinds/index.ts";
import { logOf, type Controller, type RunningControllers } from "./running.ts";

const EVENT = "ingress-nginx/election";
/** leaseDuration 30 s; who does not lead looks every quarter of it. */
const DURATION = 30;
const RETRY = (DURATION * SECOND) / 4;

/** Which of several controllers writes addresses: the holder of a Lease (status/status.go). */
export class Elections {
  readonly #running: RunningControllers;
  readonly #led: (controller: Controller) => void;

  constructor(running: RunningControllers, led: (controller: Controller) => void) {
    this.#running = running;
    this.#led = led;
    running.kernel.handle<string>(EVENT, (key) => {
      const controller = running.find(key);
      if (controller?.row.phase === "running") this.#try(controller);
    });
  }

  campaign(controller: Controller): void {
    const { self, row } = controller;
    const { flags, text } = row.options;
    if (flags["disable-leader-election"]) {
      this.#running.change(controller.key, { leads: this.#running.kernel.now });
      return this.#led(this.#running.find(controller.key)!);
    }
    logOf(self)("I", "leaderelection.go:257", `attempting to acquire leader lease ${row.pod!.namespace}/${text["election-id"]}...`); // prettier-ignore
    this.#try(controller);
  }

  /** Its process ends: the Lease may be taken by others. */
  resigned(key: string): void {
    const row = this.#running.row(key);
    if (!row?.cluster || row.leads === undefined || !row.pod) return;
    const cluster = clustersOf(this.#running.hosts).get(row.cluster);
    cluster?.heartbeats.report(`${row.pod.namespace}/${row.options.text["election-id"]}`, { alive: false });
    this.#running.change(key, { leads: undefined });
  }

  #try(controller: Controller): void {
    const { self, session, row, key } = controller;
    const log = logOf(self);
    const again = (): void => void this.#running.kernel.after(RETRY, EVENT, key, { periodic: true });
    const reached = session.reach();
    const { namespace, name } = row.pod!;
    const lease = row.options.text["election-id"];
    const failed = (why: string): void => {
      log("E", "leaderelection.go:436", `error retrieving resource lock ${namespace}/${lease}: ${why}`);
      again();
    };
    if ("error" in reached) return failed(reached.error);
    const refusal = session.refusal("get", leases, namespace, lease);
    if (refusal !== undefined) return failed(refusal);
    const { client, cluster } = reached;
    const found = client.get(leases, namespace, lease);
    const holder = found?.spec.holderIdentity ?? "";
    if (found && holder !== "" && holder !== name && this.#holds(controller, holder, namespace)) {
      this.#know(controller, holder);
      return again();
    }
    const now = rfc3339Micro(this.#running.kernel.now);
    const spec: Lease["spec"] = {
      holderIdentity: name,
      leaseDurationSeconds: DURATION,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: found ? (found.spec.leaseTransitions ?? 0) + (holder === name ? 0 : 1) : 0,
    };
    try {
      const held = found
        ? client.update(leases, { ...found, spec })
        : client.create(leases, { metadata: { namespace, name: lease }, spec });
      cluster.heartbeats.report(`${namespace}/${lease}`, { alive: true });
      this.#running.change(key, { leads: this.#running.kernel.now });
      log("I", "leaderelection.go:271", `successfully acquired lease ${namespace}/${lease}`);
      new EventRecorder(client, events, { component: "ingress-nginx-controller", host: name }).event(
        referenceTo(leases, held),
        "Normal",
        "LeaderElection",
        `${name} became leader`,
      );
      this.#know(controller, name);
      this.#led(this.#running.find(key)!);
    } catch (error) {
      if (error instanceof Unreachable) return failed(error.message);
      if (!isStatus(error)) throw error;
      failed((error as Error).message);
    }
  }

  /** Whether the Pod that holds the Lease still may: its process runs, or has not been away for long enough. */
  #holds({ session }: Controller, holder: string, namespace: string): boolean {
    const reached = session.reach();
    if ("error" in reached) return true;
    const pod = reached.client.get(pods, namespace, holder);
    return pod !== undefined && this.#running.all().some(({ row }) => row.pod?.uid === pod.metadata.uid && row.leads !== undefined); // prettier-ignore
  }

  #know({ self, key, row }: Controller, leader: string): void {
    if (row.leader === leader) return;
    this.#running.change(key, { leader });
    logOf(self)("I", "status.go:85", `"New leader elected" identity="${leader}"`);
  }
}
