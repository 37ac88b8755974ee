import type { Daemon } from "../../../host/index.ts";
import { launch, weaveNpc } from "./programs.ts";

export { weavePrograms } from "./programs.ts";
export { bindWeavers } from "./weavers.ts";

/** The servers of Weave's images, for the registry. */
export const weaveDaemons: readonly Daemon[] = [launch, weaveNpc];
