import type { DaemonProcess } from "../../host/index.ts";
import type { AgnhostCommand } from "./command.ts";

/** test/images/agnhost/dns/{common,dns}.go: what a container resolves names with. */

export const dnsSuffix: AgnhostCommand = {
  name: "dns-suffix",
  flags: [],
  args: 0,
  start: (self) => print(self, words(self, "search").at(-1) ?? ""),
};

export const dnsServerList: AgnhostCommand = {
  name: "dns-server-list",
  flags: [],
  args: 0,
  start: (self) => print(self, words(self, "nameserver").join(",")),
};

export const etcHosts: AgnhostCommand = {
  name: "etc-hosts",
  flags: [],
  args: 0,
  start: (self) => print(self, self.host.readText("/etc/hosts") ?? ""),
};

/** The values of resolv.conf's lines of that name: joined by commas within a line. */
function words(self: DaemonProcess, name: string): string[] {
  return (self.host.readText("/etc/resolv.conf") ?? "").split("\n").flatMap((line) => {
    const [word, ...values] = line.trim().split(/\s+/);
    return word === name ? [values.join(",")] : [];
  });
}

function print(self: DaemonProcess, text: string): void {
  self.log(text, 1);
  self.exit(0);
}
