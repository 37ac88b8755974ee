import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { Place } from "./names.ts";

const on = Place;
const machine = z.string().describe("A machine of the lab.");
const is = Matcher;

/** What a machine's system says of itself, as its tools would print it. */
export const NodeSpec = z.union(
  [
    z.strictObject({ on: machine, unit: z.string().describe("A systemd unit: `active`, `inactive`, `failed`…"), is }),
    z.strictObject({
      on,
      link: z.string().describe("The state of a link as `ip -br link` prints it: `UP`, `DOWN`…"),
      is,
    }),
    z.strictObject({
      on,
      address: z.string().describe("The addresses on a link: `10.0.0.1/24`; several are a list."),
      is,
    }),
    z.strictObject({
      on,
      route: z.string().describe("The routes to a prefix or `default` in the main table, as `ip route` prints them."),
      is,
    }),
    z.strictObject({
      on,
      rule: z
        .union([z.int(), z.literal("all")], { error: "expected a rule's preference, or all" })
        .describe("The rule of routing with this preference as `ip rule` prints it, or `all` of them as a list."),
      is,
    }),
    z.strictObject({ on, sysctl: z.string().describe("A kernel setting: `net.ipv4.ip_forward`."), is }),
    z.strictObject({
      on,
      chain: z.string().describe("The rules of a chain, as `iptables -S` prints them."),
      table: z.enum(["filter", "nat", "mangle", "raw"]).default("filter").describe("The chain's table."),
      is,
    }),
    z.strictObject({
      on,
      socket: z
        .int()
        .min(1)
        .max(65535)
        .describe("The name of the program that listens on this port: `nginx`; nothing if none does."),
      protocol: z.enum(["tcp", "udp"]).default("tcp").describe("The port's protocol."),
      at: z.string().optional().describe("Only where it listens on this address: `127.0.0.1`, `0.0.0.0`."),
      is,
    }),
    z.strictObject({
      on,
      process: z.string().describe("The command line of a running program by its name: `kubelet`; several are a list."),
      is,
    }),
    z.strictObject({
      on: machine,
      staticPod: z
        .string()
        .describe("`running`, `exited`…: the newest container of a static Pod, by the Pod's name in its manifest."),
      is,
    }),
  ],
  {
    error: "expected { on, unit | link | address | route | rule | sysctl | chain | socket | process | staticPod, is }",
  },
);
export type NodeSpec = z.infer<typeof NodeSpec>;
