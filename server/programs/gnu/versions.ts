import type { Process } from "../../sim/host/index.ts";

/** Versions of the packages of Ubuntu 24.04, which labs imitate; a profile may name others. */
const UBUNTU_24_04: Readonly<Record<string, string>> = {
  coreutils: "9.4",
  grep: "3.11",
  sed: "4.9",
  findutils: "4.9.0",
  procps: "4.0.4",
  psmisc: "23.7",
  "util-linux": "2.39.3",
  systemd: "255",
  less: "590",
  file: "5.45",
  diffutils: "3.10",
  tree: "2.1.1",
  tar: "1.35",
  gzip: "1.12",
  vim: "9.1",
  sudo: "1.9.15p5",
  bsdextrautils: "2.39.3",
  jq: "1.7.1",
  mawk: "1.3.4 20240123",
};

/** The version of a package on the machine that a process runs on. */
export function versionOf(process: Process, name: string): string {
  const { machine } = process;
  return machine.hosts.profile(machine.row.profile).versions[name] ?? UBUNTU_24_04[name] ?? "";
}

/** True if that version is at least `wanted`: for words that changed between releases. */
export function isAtLeast(process: Process, name: string, wanted: string): boolean {
  const have = versionOf(process, name).split(".").map(Number);
  const want = wanted.split(".").map(Number);
  for (let at = 0; at < want.length; at++) {
    if ((have[at] ?? 0) !== want[at]!) return (have[at] ?? 0) > want[at]!;
  }
  return true;
}
