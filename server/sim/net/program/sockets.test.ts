import { describe, expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { Errno, spawnChild, type Process, type Program } from "../../host/index.ts";
import { runProgram, testHosts } from "../../host/testing.ts";
import { addNamespace, createLink, findLink, Network, type Namespace } from "../index.ts";
import { give, up } from "../testing.ts";
import { bindNetwork } from "./bind.ts";
import { ListeningSocket } from "./listening-socket.ts";
import { connectTcp } from "./tcp-socket.ts";
import { UdpSocket } from "./udp-socket.ts";

/** A machine with lo up and eth0 10.0.0.1/24 towards nobody, and programs. */
function machine(...mains: Program["run"][]): ReturnType<typeof testHosts> & { ns: Namespace } {
  const world = testHosts(mains.map((run, at) => ({ name: `p${at}`, summary: "", run })));
  const network = new Network(world.hosts.kernel);
  const ns = addNamespace(network, "controlplane");
  createLink(ns, { kind: "physical", name: "eth0", segment: "lan" });
  up(ns, "lo");
  up(ns, "eth0");
  give(ns, "eth0", "10.0.0.1/24");
  bindNetwork(world.hosts, network);
  return { ...world, ns };
}

/** Starts the programs in turn, as children of one, and waits for all of them. */
const together = async (process: Process): Promise<number> => {
  for (const name of ["p1", "p2"]) spawnChild(process, { path: `/usr/bin/${name}`, argv: [name] });
  await process.wait();
  await process.wait();
  return 0;
};

const words = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    return String(await call());
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
};

describe("tcp", () => {
  test("a program talks to another, both ends see the end", async () => {
    const server = async (process: Process): Promise<number> => {
      const listening = new ListeningSocket(process, { address: "0.0.0.0", port: 7000 }).retain();
      const socket = (await listening.accept(process)).retain();
      const heard = await socket.read(process, 100);
      await socket.write(process, heard.toUpperCase());
      socket.drop();
      return 0;
    };
    const client = async (process: Process): Promise<number> => {
      await process.sleep(SECOND);
      const socket = (await connectTcp(process, { to: "127.0.0.1", port: 7000 })).retain();
      await socket.write(process, "hello");
      await process.print(`${await socket.read(process, 100)}|${await socket.read(process, 100)}|`);
      socket.drop();
      return 0;
    };
    const { host, ns } = machine(together, server, client);
    expect(await runProgram(host, ["p0"])).toEqual({ code: 0, stdout: "HELLO||", stderr: "" });
    expect(ns.sockets.size).toBe(0);
  });

  test("refused at once, no host after three seconds, silence after 127 or the program's own time-out", async () => {
    const main = async (process: Process): Promise<number> => {
      const start = process.kernel.now;
      const since = (): number => Math.round((process.kernel.now - start) / SECOND);
      await process.print(`${await words(() => connectTcp(process, { to: "10.0.0.1", port: 9 }))} ${since()}\n`);
      await process.print(`${await words(() => connectTcp(process, { to: "10.0.0.9", port: 9 }))} ${since()}\n`);
      await process.print(`${await words(() => connectTcp(process, { to: "192.0.2.1", port: 9 }))} ${since()}\n`);
      return 0;
    };
    expect((await runProgram(machine(main).host, ["p0"])).stdout).toBe(
      "ECONNREFUSED 0\nEHOSTUNREACH 3\nENETUNREACH 3\n",
    );
  });

  test("ports below 1024 are root's, and taken ports are taken", async () => {
    const main = async (process: Process): Promise<number> => {
      const first = new ListeningSocket(process, { address: "0.0.0.0", port: 80 }).retain();
      await process.print(await words(async () => new ListeningSocket(process, { address: "127.0.0.1", port: 80 })));
      process.update({ uid: 1000 });
      await process.print(
        ` ${await words(async () => new ListeningSocket(process, { address: "127.0.0.1", port: 81 }))}`,
      );
      first.drop();
      return 0;
    };
    expect((await runProgram(machine(main).host, ["p0"])).stdout).toBe("EADDRINUSE EACCES");
  });
});

test("udp: an answer, a refusal by ICMP, and silence", async () => {
  const server = async (process: Process): Promise<number> => {
    const socket = UdpSocket.bound(process, { address: "0.0.0.0", port: 53 }).retain();
    const datagram = (await socket.receive(process))!;
    socket.send(`re:${datagram.bytes}`, datagram.from);
    return 0;
  };
  const client = async (process: Process): Promise<number> => {
    const ask = async (port: number): Promise<string> => {
      const socket = UdpSocket.connected(process, { to: "10.0.0.1", port }).retain();
      socket.send("q");
      return words(async () => (await socket.receive(process, 2 * SECOND))?.bytes ?? "silence");
    };
    await process.print(`${await ask(53)} ${await ask(54)} ${await ask(53)}`);
    return 0;
  };
  expect((await runProgram(machine(together, server, client).host, ["p0"])).stdout).toBe(
    "re:q ECONNREFUSED ECONNREFUSED",
  );
});

test("/proc and /sys show the network of the reader's namespace, and settings take effect", () => {
  const { host, ns } = machine();
  expect(host.files.read("/sys/class/net/eth0/address")).toBe(`${findLink(ns, "eth0")!.address}\n`);
  expect(host.files.list("/sys/class/net")).toEqual(["lo", "eth0"]);
  expect(host.files.read("/proc/sys/net/ipv4/ip_forward")).toBe("0\n");
  host.files.write("/proc/sys/net/ipv4/ip_forward", "1\n");
  expect(host.files.read("/proc/sys/net/ipv4/conf/all/forwarding")).toBe("1\n");
  expect(() => host.files.write("/proc/sys/net/ipv4/ip_forward", "x")).toThrow("Invalid argument");
  expect(host.files.read("/proc/net/route").split("\n")[1]!.split("\t").slice(0, 4)).toEqual([
    "eth0",
    "0000000A",
    "00000000",
    "0001",
  ]);
});
