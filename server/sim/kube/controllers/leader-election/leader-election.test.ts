import { describe, expect, test } from "vitest";
import { MINUTE, SECOND, type Time } from "../../../kernel/index.ts";
import { restoreTestKernel, testKernel } from "../../../kernel/testing.ts";
import type { Lease } from "../../api/index.ts";
import { leases, namespaces } from "../../kinds/index.ts";
import { TestCluster } from "../../kinds/testing.ts";
import { Heartbeats } from "../nodelifecycle/heartbeat.ts";
import { LeaderElection } from "./index.ts";

/** Candidates by host, over one server. */
class Election extends TestCluster {
  readonly heartbeats: Heartbeats;
  readonly candidates: ReadonlyMap<string, LeaderElection>;
  readonly log: string[] = [];
  readonly start: Time;

  constructor(kernel = testKernel()) {
    super({ kernel, bare: true });
    this.start = kernel.now;
    this.heartbeats = new Heartbeats(kernel, this.api.cluster);
    this.candidates = new Map(["one", "two"].map((host) => [host, this.#candidate(host)]));
  }

  #candidate(host: string): LeaderElection {
    return new LeaderElection({
      api: this.api,
      name: "kube-scheduler",
      host,
      user: { name: "system:kube-scheduler", groups: ["system:authenticated"] },
      component: "default-scheduler",
      heartbeats: this.heartbeats,
      active: () => true,
      onLead: () => this.log.push(`${host} at ${Math.floor((this.kernel.now - this.start) / SECOND)}`),
    });
  }

  candidate(host: string): LeaderElection {
    return this.candidates.get(host)!;
  }

  lease(): Lease {
    return this.client.get(leases, "kube-system", "kube-scheduler")!;
  }
}

function election(): Election {
  const made = new Election();
  made.client.create(namespaces, { metadata: { name: "kube-system" } });
  return made;
}

describe("a process that wants to lead", () => {
  test("does so at once if nobody holds the Lease, and says so", () => {
    const plane = election();
    plane.candidate("one").campaign();
    expect(plane.log).toEqual(["one at 0"]);
    expect(plane.candidate("one").leads).toBe(true);
    const { spec } = plane.lease();
    expect(spec).toEqual({
      holderIdentity: expect.stringMatching(/^one_[0-9a-f-]{36}$/),
      leaseDurationSeconds: 15,
      acquireTime: "2026-11-21T10:00:00.000000Z",
      renewTime: "2026-11-21T10:00:00.000000Z",
      leaseTransitions: 0,
    });
    const [event] = plane.ok<{ items: object[] }>("GET", "/api/v1/namespaces/kube-system/events").items;
    expect(event).toMatchObject({
      involvedObject: { kind: "Lease", apiVersion: "coordination.k8s.io/v1", name: "kube-scheduler" },
      type: "Normal",
      reason: "LeaderElection",
      message: `${spec.holderIdentity!} became leader`,
      source: { component: "default-scheduler" },
    });
    expect(plane.kernel.events()).toEqual([]);
  });

  test("takes over after a predecessor that just ended, fifteen seconds after it first looked", () => {
    const plane = election();
    plane.candidate("one").campaign();
    plane.run(60 * SECOND);
    plane.candidate("one").resign();
    plane.run(5 * SECOND);
    plane.candidate("one").campaign();
    plane.run(15 * SECOND);
    expect(plane.log).toEqual(["one at 0"]);
    plane.run(5 * SECOND);
    expect(plane.log).toHaveLength(2);
    expect(plane.lease().spec.leaseTransitions).toBe(1);
  });

  test("takes over at once if the Lease was released", () => {
    const plane = election();
    plane.candidate("one").campaign();
    plane.run(60 * SECOND);
    plane.candidate("one").resign({ release: true });
    expect(plane.lease().spec).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
    plane.candidate("one").campaign();
    expect(plane.log).toEqual(["one at 0", "one at 60"]);
  });

  test("waits for as long as another one leads", () => {
    const plane = election();
    plane.candidate("one").campaign();
    plane.candidate("two").campaign();
    plane.run(10 * MINUTE);
    expect([plane.candidate("one").leads, plane.candidate("two").leads]).toEqual([true, false]);
    expect(plane.kernel.events()).toEqual([]);
    plane.candidate("one").resign();
    plane.run(12 * SECOND);
    expect(plane.log).toEqual(["one at 0"]);
    plane.run(8 * SECOND);
    expect(plane.candidate("two").leads).toBe(true);
    plane.candidate("one").campaign();
    plane.run(1 * MINUTE);
    expect(plane.candidate("one").leads).toBe(false);
  });

  test("forgets it when it ends before its turn", () => {
    const plane = election();
    plane.candidate("one").campaign();
    plane.candidate("one").resign();
    plane.candidate("two").campaign();
    plane.run(5 * SECOND);
    plane.candidate("two").resign();
    plane.run(1 * MINUTE);
    expect(plane.log).toEqual(["one at 0"]);
  });

  test("tries again where the namespace is not there yet", () => {
    const plane = new Election();
    plane.candidate("one").campaign();
    plane.run(10 * SECOND);
    expect(plane.log).toEqual([]);
    plane.client.create(namespaces, { metadata: { name: "kube-system" } });
    plane.run(2 * SECOND);
    expect(plane.candidate("one").leads).toBe(true);
  });
});

test("a Lease that somebody deletes is there again", () => {
  const plane = election();
  plane.candidate("one").campaign();
  plane.run(10 * SECOND);
  const { uid } = plane.lease().metadata;
  plane.client.delete(leases, "kube-system", "kube-scheduler");
  plane.run(3 * SECOND);
  expect(plane.lease().metadata.uid).not.toBe(uid);
  expect(plane.log).toEqual(["one at 0"]);
});

test("a restore in the middle changes nothing", () => {
  const plane = election();
  plane.candidate("one").campaign();
  plane.candidate("two").campaign();
  plane.candidate("one").resign();
  plane.run(5 * SECOND);
  const again = new Election(restoreTestKernel(plane.kernel.snapshot()));
  for (const one of [plane, again]) one.run(20 * SECOND);
  expect(again.lease()).toEqual(plane.lease());
  expect(again.candidate("two").leads).toBe(true);
});
