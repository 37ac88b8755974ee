import type { Program } from "../../../sim/host/index.ts";
import { findLink, namespaceOf, type LinkRow } from "../../../sim/net/index.ts";

/** The drivers that say who they are, with their version; other cards have one that is not simulated. */
const DRIVERS: Readonly<Partial<Record<LinkRow["kind"], { version: string; none: string; statistics: boolean }>>> = {
  veth: { version: "1.0", none: "", statistics: true },
  bridge: { version: "2.3", none: "N/A", statistics: false },
  vxlan: { version: "0.1", none: "", statistics: false },
};

/** Asks the drivers of network devices (ethtool 6.7). Only who they are is simulated. */
export const ethtool: Program = {
  name: "ethtool",
  summary: "query or control network driver and hardware settings",
  async run(process, args) {
    const [option, name] = args;
    if (option === undefined) {
      await process.error("ethtool: bad command line argument(s)\nFor more information run ethtool -h\n");
      return 1;
    }
    if (option === "--version") {
      await process.print("ethtool version 6.7\n");
      return 0;
    }
    const asks = option === "-i" || option === "--driver";
    const link = asks && name !== undefined ? findLink(namespaceOf(process), name) : undefined;
    if (asks && name !== undefined && (!link || link.kind === "loopback")) {
      await process.error(`Cannot get driver information: ${link ? "Operation not supported" : "No such device"}\n`);
      return 71;
    }
    const driver = link && DRIVERS[link.kind];
    if (!driver) {
      await process.error(`drydock: ethtool: '${args.join(" ")}' is not simulated\n`);
      return 64;
    }
    const { version, none, statistics } = driver;
    await process.print(
      `driver: ${link.kind}\nversion: ${version}\nfirmware-version: ${none}\nexpansion-rom-version: \nbus-info: ${none}\n` +
        `supports-statistics: ${statistics ? "yes" : "no"}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`,
    );
    return 0;
  },
};
