import type { Host } from "../../server/sim/host/index.ts";
import type { Flavour } from "../../server/sim/net/index.ts";

const MUSL = "/lib/ld-musl-x86_64.so.1";

/** Which C library looks names up there: musl has its own way through the search list. */
export function flavourOf(host: Host): Flavour {
  return host.isContainer && host.files.exists(MUSL) ? "musl" : "glibc";
}
