import type { FileSpec } from "../file-spec.ts";
import type { MachineIdentity } from "../machine-identity.ts";
import { sshAccessFiles, sshHostKeyFiles } from "../ssh-host-key.ts";

/** The files of one Ubuntu 24.04 machine: its names, its keys and what systemd-resolved was told by the network. */
export function ubuntu24HostFiles(machine: MachineIdentity): FileSpec[] {
  const search = machine.searchDomains?.join(" ") ?? ".";
  const head = (name: string): string =>
    `# This is /run/systemd/resolve/${name} managed by man:systemd-resolved(8).\n# Do not edit.\n\n`;
  const servers = machine.nameservers.map((address) => `nameserver ${address}\n`).join("");
  return [
    { path: "/etc/hostname", text: `${machine.hostname}\n` },
    { path: "/etc/machine-id", mode: 0o444, text: `${machine.machineId}\n` },
    { path: "/var/lib/dbus/machine-id", link: "/etc/machine-id" },
    { path: "/etc/hosts", text: hosts(machine) },
    {
      path: "/run/systemd/resolve/stub-resolv.conf",
      owner: "systemd-resolve",
      group: "systemd-resolve",
      text: `${head("stub-resolv.conf")}nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch ${search}\n`,
    },
    {
      path: "/run/systemd/resolve/resolv.conf",
      owner: "systemd-resolve",
      group: "systemd-resolve",
      text: `${head("resolv.conf")}${servers}search ${search}\n`,
    },
    ...sshHostKeyFiles(machine.seed, machine.hostname),
    ...sshAccessFiles(machine.seed, machine.hostname, machine.hosts),
  ];
}

function hosts(machine: MachineIdentity): string {
  const others = machine.hosts.map(({ name, address }) => `${address} ${name}\n`).join("");
  return `127.0.0.1 localhost

# The following lines are desirable for IPv6 capable hosts
::1 ip6-localhost ip6-loopback
fe00::0 ip6-localnet
ff00::0 ip6-mcastprefix
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
ff02::3 ip6-allhosts
${others}`;
}
