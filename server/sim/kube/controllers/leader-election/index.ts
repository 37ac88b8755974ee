import { rfc3339Micro, SECOND, type Duration, type Kernel, type Table, type Time } from "../../../kernel/index.ts";
import {
  Client, EventRecorder, isStatus, referenceTo, Unreachable, type ApiServer, type Kind, type Lease, type UserInfo,
} from "../../api/index.ts"; // prettier-ignore
import { clusterRoleBindings, clusterRoles, events, leases, roleBindings, roles } from "../../kinds/index.ts";
import type { Heartbeats } from "../nodelifecycle/heartbeat.ts";

export interface LeaderElectionOptions {
  readonly api: ApiServer;
  /** The Lease in kube-system: `kube-controller-manager`, `kube-scheduler`. */
  readonly name: string;
  /** Where the process runs: `controlplane`. */
  readonly host: string;
  readonly user: UserInfo;
  /** Who says in the event who leads: `kube-controller-manager`, `default-scheduler`. */
  readonly component: string;
  readonly heartbeats: Heartbeats;
  /** Whether the process runs. */
  readonly active: () => boolean;
  readonly reachable?: () => boolean;
  /** The process has become the leader: its loops start now. */
  readonly onLead: () => void;
  /** The process led and has lost the right to renew the Lease: it must end. */
  readonly onLost?: () => void;
  /** The server refused to renew the Lease (`renewing`), or to tell who holds it: what the log says of it. */
  readonly refused?: (words: string, renewing: boolean) => void;
}

/** Who a process is in the election, while it runs. */
interface Row {
  readonly identity: string;
  /** Since when it has looked at the Lease. */
  readonly since: Time;
  readonly leads: boolean;
  /** Since when it leads without the right to go on. */
  readonly refused?: Time;
}

const NAMESPACE = "kube-system";
/** The defaults of `--leader-elect-lease-duration` and `--leader-elect-retry-period`. */
const DURATION = 15 * SECOND;
const RETRY = 2 * SECOND;
const JITTER = 1.2;
/** The default of `--leader-elect-renew-deadline`. */
const RENEW_DEADLINE = 10 * SECOND;
const RIGHTS: readonly Kind[] = [clusterRoles, clusterRoleBindings, roles, roleBindings] as unknown as readonly Kind[];

/**
 * Of several processes only the one that holds the Lease works (client-go leaderelection). A new one that finds the Lease
 * of a predecessor which did not release it takes it over when it has not been renewed for fifteen seconds since the new
 * one saw it first. The holder renews every two seconds: that is computed, as heartbeats are.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #rows: Table<string, Row>;
  /** Names the row and the event of this candidate. */
  readonly #key: string;
  readonly #event: string;
  readonly #undo: readonly (() => void)[];

  constructor(options: LeaderElectionOptions) {
    const { api, name, host, user, component, heartbeats, reachable } = options;
    this.#options = options;
    this.#kernel = api.kernel;
    this.#client = new Client(api, {
      user,
      userAgent: `${name}/v1.33.1 (linux/amd64) kubernetes/leader-election`,
      ...(reachable && { reachable }),
    });
    this.#recorder = new EventRecorder(this.#client, events, { component });
    this.#rows = this.#kernel.state.table(`kube/${api.cluster}/leader-election`, { quiet: true });
    this.#key = `${name} ${host}`;
    this.#event = `kube/${api.cluster}/leader-election/${this.#key}`;
    this.#kernel.handle(this.#event, (identity: string) => this.#try(identity));
    this.#undo = [
      heartbeats.listen((lease) => {
        if (lease === this.#lease && !this.leads) this.#later(0);
      }),
      this.#client.watch(leases, ({ type, object: { metadata } }) => {
        if (type === "DELETED" && metadata.namespace === NAMESPACE && metadata.name === name) this.#later(RETRY);
      }),
      ...RIGHTS.map((kind) =>
        this.#client.watch(kind, ({ type }) => {
          if (type !== "ADDED") this.#rightsChanged();
        }),
      ),
    ];
  }

  /** Whether the process leads. */
  get leads(): boolean {
    return this.#rows.get(this.#key)?.leads ?? false;
  }

  /** The name under which heartbeats know the Lease. */
  get #lease(): string {
    return `${NAMESPACE}/${this.#options.name}`;
  }

  /** The process has started, and wants to lead. */
  campaign(): void {
    const identity = `${this.#options.host}_${this.#kernel.random.uuid("kube/leader-election")}`;
    this.#recorder.reset();
    this.#rows.set(this.#key, { identity, since: this.#kernel.now, leads: false });
    this.#try(identity);
  }

  /** The process has ended; `release` if it lets go of the Lease, as kube-scheduler does when it is told to end. */
  resign({ release = false }: { readonly release?: boolean } = {}): void {
    const { leads } = this;
    this.#rows.delete(this.#key);
    if (!leads) return;
    const lease = this.#client.get(leases, NAMESPACE, this.#options.name);
    if (release && lease && this.#client.reachable) {
      const now = rfc3339Micro(this.#kernel.now);
      const spec = { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: now, acquireTime: now };
      this.#client.update(leases, { ...lease, spec });
    }
    this.#options.heartbeats.report(this.#lease, { alive: false });
  }

  /** The process is stopped: nobody renews the Lease. */
  pause(): void {
    if (this.leads) this.#options.heartbeats.report(this.#lease, { alive: false });
  }

  /** It goes on, and is in time to renew. */
  resume(): void {
    if (!this.leads) return this.#later(0);
    this.#options.heartbeats.report(this.#lease, { alive: true });
    this.#options.onLead();
  }

  /** Lets go of the server. */
  stop(): void {
    for (const undo of this.#undo) undo();
  }

  #later(delay: Duration): void {
    const row = this.#rows.get(this.#key);
    if (row) this.#kernel.after(delay, this.#event, row.identity);
  }

  #try(identity: string): void {
    const { active, name, heartbeats } = this.#options;
    const row = this.#rows.get(this.#key);
    if (!active() || row?.identity !== identity) return;
    if (row.refused !== undefined) return this.#renew(row, row.refused);
    const refusal = row.leads ? undefined : this.#client.refusal("get", leases, NAMESPACE, name);
    if (refusal !== undefined) {
      this.#options.refused?.(refusal, false);
      this.#kernel.after(RETRY, this.#event, identity, { periodic: true });
      return;
    }
    const lease = this.#client.get(leases, NAMESPACE, name);
    if (row.leads && lease) return;
    const held = lease !== undefined && lease.spec.holderIdentity !== undefined && lease.spec.holderIdentity !== "";
    // Its silence will be told.
    if (held && heartbeats.isAlive(this.#lease)) return;
    const expiry = Math.max(row.since, heartbeats.lastRenewal(this.#lease) ?? 0) + DURATION;
    if (held && expiry > this.#kernel.now)
      return void this.#kernel.at(this.#nextTryAfter(expiry), this.#event, identity);
    try {
      this.#hold(identity, lease);
    } catch (error) {
      if (!isStatus(error) && !(error instanceof Unreachable)) throw error;
      this.#kernel.after(RETRY, this.#event, identity, { periodic: true });
    }
  }

  /** A role has gone or is other than it was: who can no longer renew the Lease keeps it until the deadline. */
  #rightsChanged(): void {
    const row = this.#rows.get(this.#key);
    if (!row?.leads || row.refused !== undefined || !this.#options.active()) return;
    if (this.#client.refusal("update", leases, NAMESPACE, this.#options.name) === undefined) return;
    this.#rows.set(this.#key, { ...row, refused: this.#kernel.now });
    this.#later(RETRY);
  }

  #renew(row: Row, since: Time): void {
    const refusal = this.#client.refusal("update", leases, NAMESPACE, this.#options.name);
    if (refusal === undefined) {
      const { refused: _, ...held } = row;
      this.#rows.set(this.#key, held);
      return;
    }
    this.#options.refused?.(refusal, true);
    const unread = this.#client.refusal("get", leases, NAMESPACE, this.#options.name);
    if (unread !== undefined) this.#options.refused?.(unread, false);
    if (this.#kernel.now - since >= RENEW_DEADLINE) this.#options.onLost?.();
    else this.#later(RETRY);
  }

  /** Candidates look at the Lease every 2 to 4.4 seconds. */
  #nextTryAfter(time: Time): Time {
    let next = this.#kernel.now;
    while (next <= time)
      next += RETRY + Math.trunc((RETRY * JITTER * this.#kernel.random.below("kube/leader-election", 1_000)) / 1_000);
    return next;
  }

  #hold(identity: string, old: Lease | undefined): void {
    const { name, heartbeats, onLead } = this.#options;
    const { now } = this.#kernel;
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: DURATION / SECOND,
      acquireTime: rfc3339Micro(now),
      renewTime: rfc3339Micro(now),
      leaseTransitions: old ? (old.spec.leaseTransitions ?? 0) + 1 : 0,
    };
    const lease = old
      ? this.#client.update(leases, { ...old, spec })
      : this.#client.create(leases, { metadata: { name, namespace: NAMESPACE }, spec });
    const row = this.#rows.get(this.#key)!;
    if (row.leads) return;
    this.#rows.set(this.#key, { ...row, leads: true });
    heartbeats.report(this.#lease, { alive: true });
    this.#recorder.event(referenceTo(leases, lease), "Normal", "LeaderElection", `${identity} became leader`);
    onLead();
  }
}
