export { topologyOf } from "./topology.ts";
export { TopologyWatch } from "./watch.ts";
