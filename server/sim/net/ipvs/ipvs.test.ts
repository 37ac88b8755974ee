import { describe, expect, test } from "vitest";
import { address } from "../ip.ts";
import { give, machine, testNetwork } from "../testing.ts";
import { ACK, RST, SYN, tcpPacket, type Packet } from "../walk/packet.ts";
import type { Namespace } from "../namespace.ts";
import { nextState } from "./connections.ts";
import { countersOf } from "./counters.ts";
import { listConnections, reply, request } from "./pass.ts";
import type { DestinationRow, Scheduler, ServiceAddress } from "./row.ts";
import {
  addDestination,
  addService,
  clearServices,
  deleteDestination,
  deleteService,
  editDestination,
  loadsOf,
} from "./services.ts";

const AT: ServiceAddress = { protocol: "tcp", address: "10.96.0.1", port: 80 };

function server(name: string, weight = 1): DestinationRow {
  return { address: `10.244.0.${name}`, port: 8080, weight, upper: 0, lower: 0 };
}

function balanced(
  scheduler: Scheduler,
  servers: readonly DestinationRow[],
  extra: { persistent?: number } = {},
): Namespace {
  const ns = machine(testNetwork(), "node");
  give(ns, "lo", "10.96.0.1/32");
  expect(addService(ns, { at: AT, scheduler, ...extra })).toBeUndefined();
  for (const one of servers) expect(addDestination(ns, AT, one)).toBeUndefined();
  return ns;
}

function packet(from: string, port: number, flags = SYN): Packet {
  const made = tcpPacket(flags);
  made.src = address(from);
  made.sport = port;
  made.dst = address("10.96.0.1");
  made.dport = 80;
  return made;
}

/** The last parts of the addresses of the servers that new connections of these clients go to. */
function chosen(ns: Namespace, clients: readonly string[]): string[] {
  return clients.map((client, at) => {
    const found = request(ns, packet(client, 40_000 + at));
    return found?.kind === "connection" ? found.row.real.split(".").at(-1)! : (found?.kind ?? "none");
  });
}

describe("schedulers choose as the kernel's", () => {
  const one = Array.from({ length: 8 }, () => "10.0.0.9");
  // The list of servers has the one that came last first.
  test.each<[Scheduler, readonly DestinationRow[], string]>([
    ["rr", [server("1"), server("2"), server("3")], "3 2 1 3 2 1 3 2"],
    ["rr", [server("1"), server("2", 0), server("3")], "3 1 3 1 3 1 3 1"],
    ["wrr", [server("1", 3), server("2", 1)], "1 1 2 1 1 1 2 1"],
    ["lc", [server("1"), server("2")], "2 1 2 1 2 1 2 1"],
    ["wlc", [server("1", 3), server("2", 1)], "2 1 1 1 2 1 1 1"],
    ["fo", [server("1", 5), server("2", 1)], "1 1 1 1 1 1 1 1"],
    ["rr", [server("1", 0)], "refuse refuse refuse refuse refuse refuse refuse refuse"],
    ["rr", [], "refuse refuse refuse refuse refuse refuse refuse refuse"],
  ])("%s", (scheduler, servers, expected) => {
    expect(chosen(balanced(scheduler, servers), one).join(" ")).toBe(expected);
  });

  test("sh: a client always comes to the same server", () => {
    const ns = balanced("sh", [server("1"), server("2"), server("3")]);
    const first = chosen(ns, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(chosen(ns, ["10.0.0.1", "10.0.0.2", "10.0.0.3"])).toEqual(first);
  });
});

describe("connections", () => {
  test("an answer gets the virtual service back as its source, and traffic is counted", () => {
    const ns = balanced("rr", [server("1")]);
    const found = request(ns, packet("10.0.0.9", 40_000));
    expect(found).toMatchObject({ kind: "connection", row: { real: "10.244.0.1", realPort: 8080, state: "SYN_RECV" } });
    const answer = tcpPacket(SYN | ACK);
    answer.src = address("10.244.0.1");
    answer.sport = 8080;
    answer.dst = address("10.0.0.9");
    answer.dport = 40_000;
    expect(reply(ns, answer)).toBeDefined();
    expect([answer.src, answer.sport]).toEqual([address("10.96.0.1"), 80]);
    request(ns, packet("10.0.0.9", 40_000, ACK));
    expect(listConnections(ns).map(({ state }) => state)).toEqual(["ESTABLISHED"]);
    expect(countersOf(ns).get("tcp 10.96.0.1 80")).toEqual({
      conns: 1,
      inPackets: 2,
      inBytes: 112,
      outPackets: 1,
      outBytes: 60,
    });
    expect([...loadsOf(ns).values()]).toEqual([{ active: 1, inactive: 0, persistent: 0 }]);
  });

  test("a quiescent server keeps what it has; one that is gone gets nothing more", () => {
    const ns = balanced("rr", [server("1"), server("2")]);
    expect(chosen(ns, ["10.0.0.9"])).toEqual(["2"]);
    editDestination(ns, AT, server("2", 0));
    expect(request(ns, packet("10.0.0.9", 40_000, ACK))).toMatchObject({ kind: "connection" });
    expect(deleteDestination(ns, AT, server("2"))).toBeUndefined();
    expect(request(ns, packet("10.0.0.9", 40_000, ACK))).toMatchObject({ kind: "drop" });
  });

  test("a persistent client stays with its server until its time is over", () => {
    const ns = balanced("rr", [server("1"), server("2")], { persistent: 60 });
    expect(chosen(ns, ["10.0.0.9", "10.0.0.9", "10.0.0.8"])).toEqual(["2", "2", "1"]);
  });

  test.each([
    ["a reset ends it", "ESTABLISHED", "in", RST, "CLOSE"],
    ["the server's end", "ESTABLISHED", "out", 0x11, "FIN_WAIT"],
    ["the client's end", "ESTABLISHED", "in", 0x11, "CLOSE_WAIT"],
  ] as const)("%s", (_, state, direction, flags, next) => {
    expect(nextState(state, 6, direction, flags)).toBe(next);
  });

  test("what is for no service is left alone, and errors are the kernel's", () => {
    const ns = balanced("rr", [server("1")]);
    const other = packet("10.0.0.9", 1);
    other.dport = 81;
    expect(request(ns, other)).toBeUndefined();
    expect(request(ns, packet("10.0.0.9", 2, ACK))).toBeUndefined();
    expect(addService(ns, { at: AT, scheduler: "rr" })).toBe("EEXIST");
    expect(addDestination(ns, AT, server("1"))).toBe("EEXIST");
    expect(deleteDestination(ns, AT, server("7"))).toBe("ENOENT");
    expect(deleteService(ns, { ...AT, port: 81 })).toBe("ESRCH");
    clearServices(ns);
    expect(addDestination(ns, AT, server("1"))).toBe("ESRCH");
  });
});
