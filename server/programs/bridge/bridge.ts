import type { Program } from "../../sim/host/index.ts";
import { Exit } from "../ip/exit.ts";
import { runIproute, type Iproute } from "../ip/ip.ts";
import { fdb } from "./fdb.ts";
import { link } from "./link.ts";
import { mdb } from "./mdb.ts";
import { BRIDGE_USAGE } from "./usage.ts";
import { vlan } from "./vlan.ts";

/** Shows and changes bridges (iproute2 bridge/bridge.c). */
export const bridge: Program = {
  name: "bridge",
  summary: "show / manipulate bridge addresses and devices",
  run: (process, args) =>
    runIproute(process, args, { program: "bridge", usage: BRIDGE_USAGE, objects: OBJECTS, unknown: 255 }),
};

const OBJECTS: Iproute["objects"] = [
  ["link", link],
  ["fdb", fdb],
  ["mdb", mdb],
  ["vlan", vlan],
  ["vni", undefined],
  ["monitor", undefined],
  [
    "help",
    () => {
      throw new Exit(255, BRIDGE_USAGE);
    },
  ],
];
