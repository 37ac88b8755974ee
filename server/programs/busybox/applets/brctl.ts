import {
  bridgePorts,
  createLink,
  deleteLink,
  findLink,
  listLinks,
  namespaceOf,
  setMaster,
} from "../../../sim/net/index.ts";
import { strerror } from "../../../sim/host/index.ts";
import type { Applet } from "../applet.ts";

/** networking/brctl.c */
export const brctl: Applet = {
  options: "+",
  usage: () => `COMMAND [BRIDGE [ARGS]]

Manage ethernet bridges
Commands:
	show [BRIDGE]...	Show bridges
	addbr BRIDGE		Create BRIDGE
	delbr BRIDGE		Delete BRIDGE
	addif BRIDGE IFACE	Add IFACE to BRIDGE
	delif BRIDGE IFACE	Delete IFACE from BRIDGE`,
  async run(call) {
    const [command, name, port] = call.operands;
    if (command === undefined) return call.usage();
    const { process } = call;
    const ns = namespaceOf(process);
    // Debian builds it without this command.
    if (command === "show" && call.version.text !== "1.35.0") {
      const bridges = listLinks(ns).filter(
        (link) => link.kind === "bridge" && (name === undefined || link.name === name),
      );
      if (name !== undefined && bridges.length === 0) return call.die(`bridge ${name} does not exist`);
      if (bridges.length > 0) await process.print("bridge name\tbridge id\t\tSTP enabled\tinterfaces\n");
      for (const bridge of bridges) {
        const [first = "", ...others] = bridgePorts(ns, bridge.index).map((link) => link.name);
        await process.print(
          `${bridge.name}\t\t${(("priority" in bridge ? bridge.priority : undefined) ?? 32768).toString(16).padStart(4, "0")}.${bridge.address.replaceAll(":", "")}\tno\t\t${first}\n`,
        );
        for (const other of others) await process.print(`\t\t\t\t\t\t\t${other}\n`);
      }
      return 0;
    }
    const bridge = name === undefined ? undefined : findLink(ns, name);
    const link = port === undefined ? undefined : findLink(ns, port);
    switch (command) {
      case "addbr": {
        if (name === undefined) return call.usage();
        const made = createLink(ns, { kind: "bridge", name });
        return made.ok ? 0 : call.die(`bridge ${name}: ${strerror(made.errno)}`);
      }
      case "delbr": {
        if (!bridge) return call.die(`bridge ${name ?? ""}: No such device or address`);
        if (bridge.up) return call.die(`bridge ${bridge.name}: Device or resource busy`);
        const gone = deleteLink(ns, bridge.index);
        return gone.ok ? 0 : call.die(`bridge ${bridge.name}: ${strerror(gone.errno)}`);
      }
      case "addif":
      case "delif": {
        if (!link) return call.die(`iface ${port ?? ""}: No such device`);
        if (!bridge) return call.die(`bridge ${name ?? ""}: No such device`);
        const done = setMaster(ns, link.index, command === "addif" ? bridge.index : undefined);
        return done.ok ? 0 : call.die(`bridge ${bridge.name}: ${strerror(done.errno)}`);
      }
      case "stp":
      case "setfd":
      case "sethello":
      case "setmaxage":
      case "setageing":
      case "setpathcost":
      case "setportprio":
      case "setbridgeprio":
      case "showmacs":
      case "showstp":
        return call.notSimulated(command);
      default:
        return call.die(`invalid argument '${command}' to 'brctl'`);
    }
  },
};
