import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { give, machine, testNetwork } from "../testing.ts";
import { openSocket, type SocketSpec } from "./sockets.ts";

/** Recorded by fixtures/record.py: for each pair of reuse flags whether the second socket may have the port of the first. */
const { reuse, rows } = JSON.parse(readFileSync(new URL("fixtures/binds.json", import.meta.url), "utf8")) as {
  reuse: string[];
  rows: [mode: string, first: string, second: string, letters: string][];
};

const ns = machine(testNetwork(), "host");
give(ns, "lo", "10.0.0.1/24");

function spec(protocol: "tcp" | "udp", address: string, flags: string, act: string): SocketSpec {
  return {
    protocol,
    address: address.replace("v6only ", ""),
    port: 8080,
    v6only: address.startsWith("v6only "),
    reuseAddress: flags.includes("address"),
    reusePort: flags.includes("port"),
    ...(act === "listen" ? { backlog: 8 } : {}),
  };
}

test("two sockets share a port exactly where Linux lets them", () => {
  const own = rows.map(([mode, first, second]) => {
    const [protocol, ...acts] = mode.split(" ") as ["tcp" | "udp", string, string];
    let letters = "";
    for (const mine of reuse)
      for (const other of reuse) {
        openSocket(ns, spec(protocol, first, mine, acts[0]));
        const result = openSocket(ns, spec(protocol, second, other, acts[1]));
        letters += result.ok ? "o" : result.errno === "EADDRINUSE" ? "x" : "?";
        ns.sockets.clear();
      }
    return [mode, first, second, letters];
  });
  expect(own).toEqual(rows);
});
