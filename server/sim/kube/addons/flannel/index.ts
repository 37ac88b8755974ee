import type { Daemon } from "../../../host/index.ts";
import { flanneld } from "./flanneld.ts";

export { bindFlannel } from "./flannel-daemons.ts";

/** The programs of flannel's images, for the registry. (Its CNI plugin is one of `cniPlugins`.) */
export const flannelDaemons: readonly Daemon[] = [flanneld];
