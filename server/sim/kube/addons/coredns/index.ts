import type { Daemon } from "../../../host/index.ts";
import { coredns } from "./coredns.ts";

/** The daemons of this part, for the registry of programs. */
export const coreDnsDaemons: readonly Daemon[] = [coredns];
export { bindCoreDns } from "./coredns.ts";
