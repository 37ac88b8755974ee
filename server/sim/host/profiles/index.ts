export { debian12Files } from "./debian12/index.ts";
export type { FileSpec } from "./file-spec.ts";
export type { MachineIdentity } from "./machine-identity.ts";
export { sshFingerprint } from "./ssh-host-key.ts";
export { ubuntu24HostFiles } from "./ubuntu24/host.ts";
export { BOOTED_UNITS } from "./ubuntu24/units.ts";
export { ubuntu24Files } from "./ubuntu24/index.ts";
export { DPKG_STATUS, listText, packageLists, packageStatus, type InstalledPackage } from "./package-status.ts";
