import { Scene } from "../../../../grader/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { Topology } from "../../protocol/index.ts";
import { cutting } from "./cut.ts";
import { machinesOf, networksOf } from "./machines.ts";
import { objectsOf } from "./objects.ts";

/** The world as a picture shows it; what it takes from there it only reads. */
export function topologyOf(world: World): Topology {
  const scene = new Scene(world);
  const left: string[] = [];
  const cut = cutting(left);
  return { machines: machinesOf(scene, cut), networks: networksOf(scene), cluster: objectsOf(scene, cut), left };
}
