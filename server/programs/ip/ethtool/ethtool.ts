import type { Process, Program } from "../../../sim/host/index.ts";
import { findLink, namespaceOf, peerOf, shownOperState, type LinkRow } from "../../../sim/net/index.ts";
import { versionOf } from "../../gnu/versions.ts";
import { features } from "./features.ts";

interface Driver {
  readonly name: string;
  readonly version: string;
  /** What stands for a firmware and a bus. */
  readonly none: string;
  readonly bus: string;
  readonly statistics: boolean;
}

/** The drivers that say who they are, with their version; a card's own is not simulated. */
function driverOf(link: LinkRow): Driver | undefined {
  const driver = { name: link.kind, version: "0.1", none: "", bus: "", statistics: false };
  switch (link.kind) {
    case "veth":
      return { ...driver, version: "1.0", statistics: true };
    case "bridge":
      return { ...driver, version: "2.3", none: "N/A", bus: "N/A" };
    case "vxlan":
    case "macvlan":
      return driver;
    case "tun":
      return { ...driver, version: "1.6", bus: link.mode };
    case "vlan":
      return { ...driver, name: "802.1Q VLAN Support", version: "1.8", none: "N/A" };
    case "dummy":
      return { ...driver, version: "1.0" };
    default:
      return undefined;
  }
}

/** Options, the words of their errors, and their exit codes where netlink says no. */
const LONG: Readonly<Record<string, string>> = {
  "--driver": "-i",
  "--show-features": "-k",
  "--show-offload": "-k",
  "--statistics": "-S",
  "--show-ring": "-g",
  "--show-pause": "-a",
  "--show-coalesce": "-c",
  "--show-permaddr": "-P",
};

/** Asks the drivers of network devices. Nothing is changed: no driver here has anything that could be. */
export const ethtool: Program = {
  name: "ethtool",
  summary: "query or control network driver and hardware settings",
  async run(process, args) {
    const [first, second] = args;
    if (
      first === undefined ||
      (/^-[^-]$/.test(first) && !"ikSgacPAKCGLmlnNsuUtTxXrpWwevfFeEdDhjNQ".includes(first[1]!))
    ) {
      await process.error("ethtool: bad command line argument(s)\nFor more information run ethtool -h\n");
      return 1;
    }
    if (first === "--version") {
      await process.print(`ethtool version ${versionOf(process, "ethtool") || "6.7"}\n`);
      return 0;
    }
    const option = first.startsWith("-") ? (LONG[first] ?? first) : "";
    const name = option === "" ? first : second;
    const link = name === undefined ? undefined : findLink(namespaceOf(process), name);
    const answer = name === undefined ? undefined : ask(process, option, link);
    if (answer === undefined) {
      await process.error(`drydock: ethtool: '${args.join(" ")}' is not simulated\n`);
      return 64;
    }
    if (answer.text !== undefined) await process.print(answer.text);
    if (answer.problem !== undefined) await process.error(answer.problem);
    return answer.status;
  },
};

interface Answer {
  readonly text?: string;
  readonly problem?: string;
  readonly status: number;
}

const UNSUPPORTED: Answer = { problem: "netlink error: Operation not supported\n", status: 1 };

function ask(process: Process, option: string, link: LinkRow | undefined): Answer | undefined {
  const nobody = `netlink error: no device matches name (offset 24)\nnetlink error: No such device\n`;
  switch (option) {
    case "":
      if (!link) return { problem: `${nobody.repeat(5)}No data available\n`, status: 75 };
      return settings(link);
    case "-i":
      return who(link);
    case "-k": {
      if (!link) return { problem: nobody, status: 1 };
      const text = features(link);
      return text === undefined ? undefined : { text, status: 0 };
    }
    case "-S":
      if (!link) return { problem: "no stats available\n", status: 94 };
      return link.kind === "physical" || link.kind === "ifb" ? undefined : queues(process, link);
    case "-g":
    case "-a":
    case "-c":
      if (!link) return { problem: nobody, status: 1 };
      return link.kind === "physical" ? undefined : UNSUPPORTED;
    case "-P":
      if (!link) return { problem: nobody, status: 1 };
      return { text: `Permanent address: ${link.kind === "physical" ? link.address : "not set"}\n`, status: 0 };
    default:
      return undefined;
  }
}

function who(link: LinkRow | undefined): Answer | undefined {
  if (!link || link.kind === "loopback") {
    const problem = `Cannot get driver information: ${link ? "Operation not supported" : "No such device"}\n`;
    return { problem, status: 71 };
  }
  const driver = driverOf(link);
  if (!driver) return undefined;
  const { version, none, bus, statistics } = driver;
  const text =
    `driver: ${driver.name}\nversion: ${version}\nfirmware-version: ${none}\nexpansion-rom-version: \nbus-info: ${bus}\n` +
    `supports-statistics: ${statistics ? "yes" : "no"}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`;
  return { text, status: 0 };
}

/** `ethtool DEV`: what the driver of a virtual link claims of its wire (ethtool netlink/settings.c). */
function settings(link: LinkRow): Answer {
  const detected = link.up && link.carrier && shownOperState(link) !== "DORMANT" ? "yes" : "no";
  if (link.kind === "loopback")
    return { text: `Settings for ${link.name}:\n\tLink detected: ${detected}\n`, status: 0 };
  if (link.kind === "ifb" || link.kind === "dummy") return { text: "No data available\n", status: 0 };
  const unknown = link.kind === "bridge" || link.kind === "physical";
  const lines = [
    "Supported ports: [  ]",
    "Supported link modes:   Not reported",
    "Supported pause frame use: No",
    "Supports auto-negotiation: No",
    "Supported FEC modes: Not reported",
    "Advertised link modes:  Not reported",
    "Advertised pause frame use: No",
    "Advertised auto-negotiation: No",
    "Advertised FEC modes: Not reported",
    ...(unknown ? ["Speed: Unknown!", "Duplex: Unknown! (255)"] : ["Speed: 10000Mb/s", "Duplex: Full"]),
    "Auto-negotiation: off",
    unknown ? "Port: Other" : "Port: Twisted Pair",
    "PHYAD: 0",
    "Transceiver: internal",
    ...(unknown ? [] : ["MDI-X: Unknown"]),
  ].map((line) => `\t${line}\n`);
  const level = link.kind === "tun" ? `        Current message level: 0x00000000 (0)\n${" ".repeat(30)}\n` : "";
  return { text: `Settings for ${link.name}:\n${lines.join("")}${level}\tLink detected: ${detected}\n`, status: 0 };
}

/** A veth counts only what programs of XDP do, and says who its other end is (drivers/net/veth.c: veth_get_strings). */
function queues(process: Process, link: LinkRow): Answer {
  if (link.kind !== "veth") return { problem: "no stats available\n", status: 94 };
  const peer = peerOf(namespaceOf(process), link);
  const received = ["xdp_packets", "xdp_bytes", "drops", "xdp_redirect", "xdp_drops", "xdp_tx", "xdp_tx_errors"];
  const names = [
    ...received.map((name) => `rx_queue_0_${name}`),
    ...["xdp_xmit", "xdp_xmit_errors"].map((name) => `tx_queue_0_${name}`),
  ];
  const lines = names.map((name) => `     ${name}: 0\n`).join("");
  return { text: `NIC statistics:\n     peer_ifindex: ${peer?.link.index ?? 0}\n${lines}`, status: 0 };
}
