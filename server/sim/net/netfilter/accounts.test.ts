import { expect, test } from "vitest";
import { iptables, machine, sysctl, testNetwork } from "../testing.ts";
import { ping } from "../transport/ping.ts";
import { account, ensureAccount } from "./accounts.ts";
import { readRule } from "./read.ts";
import { saveRules } from "./save.ts";

test("a rule with an account counts in it, and is refused while there is none of that name", () => {
  const ns = machine(testNetwork(), "node");
  expect(() => iptables(ns, "-A OUTPUT -m nfacct --nfacct-name pings")).toThrow(
    "RULE_APPEND failed (No such file or directory): rule in chain OUTPUT",
  );
  ensureAccount(ns, "pings");
  iptables(ns, "-A OUTPUT -p icmp -m nfacct --nfacct-name pings");
  expect(saveRules(ns, { table: "filter" })).toContain("\n-A OUTPUT -p icmp -m nfacct --nfacct-name  pings\n");
  sysctl(ns, "net.ipv4.icmp_echo_ignore_all", 1);
  ping(ns, { to: "127.0.0.1", id: 1, seq: 1 });
  expect(account(ns, "pings")).toEqual({ packets: 1, bytes: 84 });
  ensureAccount(ns, "pings");
  expect(account(ns, "pings")?.packets).toBe(1);
});

test("SCTP ports are read, saved, and only taken with -p sctp", () => {
  const ns = machine(testNetwork(), "node");
  iptables(ns, "-A INPUT -p sctp -m sctp --dport 3868:3870 -j DROP");
  expect(saveRules(ns, { table: "filter" })).toContain("\n-A INPUT -p sctp -m sctp --dport 3868:3870 -j DROP\n");
  expect(() => iptables(ns, "-A INPUT -m sctp --dport 1 -j DROP")).toThrow("Invalid argument");
  const read = readRule("-p sctp -m sctp --chunk-types all INIT".split(" "), {
    table: "filter",
    hasChain: () => false,
  });
  expect(read).toMatchObject({ unsimulated: "--chunk-types" });
});
