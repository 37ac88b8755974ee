import { parseMac } from "../../mac.ts";
import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";

export const mac: MatchExtension = {
  kind: "match",
  name: "mac",
  hooks: ["PREROUTING", "INPUT", "FORWARD"],
  options: {
    "--mac-source": {
      key: "mac",
      words: 1,
      not: true,
      read: ([text]) => parseMac(text!) ?? parameter("Invalid MAC address specified."),
    },
  },
  finish(given) {
    const wish = given.get("mac");
    if (!wish) return parameter('mac: option "--mac-source" must be specified\n');
    return { mac: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --mac-source ${options["mac"] as string}`,
  list: (options) => ` MAC${options["not"] ? " !" : ""} ${options["mac"] as string}`,
  compile(options) {
    const { mac: wanted, not = false } = options as { mac: string; not?: boolean };
    return (packet, at) => at.in !== undefined && packet.srcMac !== "" && (packet.srcMac === wanted) !== not;
  },
};
