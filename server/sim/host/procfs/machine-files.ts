import { encode, SECOND } from "../../kernel/index.ts";
import { directory, file, type ViewNode } from "../files/view.ts";
import type { Host, ViewContext } from "../host.ts";
import { kernelSettings } from "./kernel-settings.ts";

/** What /proc tells about the machine: memory, processors, kernel, time. */
export const machineFiles: ViewNode<ViewContext> = directory<ViewContext>({
  cmdline: file(
    ({ host }) =>
      `BOOT_IMAGE=/vmlinuz-${host.hosts.profile(host.machine.row.profile).kernelRelease} root=/dev/vda1 ro\n`,
  ),
  cpuinfo: file(({ host }) => Array.from({ length: host.machine.row.cpus }, (_, at) => processor(host, at)).join("")),
  filesystems: file(() => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\toverlay\n\text4\n"),
  loadavg: file(({ host }) => `0.00 0.00 0.00 1/${host.machine.processes().length} ${host.machine.row.nextPid - 1}\n`),
  meminfo: file(({ host }) => meminfo(host)),
  mounts: { type: "link", target: ({ process }) => (process ? "self/mounts" : "1/mounts") },
  swaps: file(() => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
  uptime: file(({ host }) => `${uptime(host).toFixed(2)} ${(uptime(host) * host.machine.row.cpus).toFixed(2)}\n`),
  version: file(({ host }) => {
    const { kernelRelease, kernelVersion } = host.hosts.profile(host.machine.row.profile);
    return `Linux version ${kernelRelease} (buildd@lcy02-amd64-080) ${kernelVersion}\n`;
  }),
  sys: directory<ViewContext>({
    vm: kernelSettings.vm,
    kernel: directory<ViewContext>({
      ...kernelSettings.kernel,
      hostname: file(
        ({ host }) => encode(`${host.hostname}\n`),
        ({ host }, data) => host.update({ hostname: data.trim() }),
      ),
      osrelease: file(({ host }) => `${host.hosts.profile(host.machine.row.profile).kernelRelease}\n`),
      ostype: file(() => "Linux\n"),
      pid_max: file(() => "4194304\n"),
      random: directory<ViewContext>({
        boot_id: file(({ host }) => `${uuid(host.machine.row.bootId)}\n`),
        uuid: file(({ host }) => `${host.kernel.random.uuid("proc/uuid")}\n`),
      }),
      version: file(({ host }) => `${host.hosts.profile(host.machine.row.profile).kernelVersion}\n`),
    }),
  }),
});

/** Seconds since the machine was booted. */
export function uptime(host: Host): number {
  return (host.kernel.now - host.machine.row.bootedAt) / SECOND;
}

/** Memory in KiB. What is in use is a constant share: nothing of the simulation uses memory. */
function meminfo(host: Host): string {
  const total = host.machine.row.memory;
  const rows: [string, number][] = [
    ["MemTotal", total],
    ["MemFree", Math.round(total * 0.35)],
    ["MemAvailable", Math.round(total * 0.7)],
    ["Buffers", Math.round(total * 0.02)],
    ["Cached", Math.round(total * 0.33)],
    ["SwapCached", 0],
    ["SwapTotal", 0],
    ["SwapFree", 0],
    ["Shmem", 2_048],
  ];
  return rows.map(([name, kib]) => `${`${name}:`.padEnd(15)} ${String(kib).padStart(8)} kB\n`).join("");
}

function processor(host: Host, at: number): string {
  const { cpus } = host.machine.row;
  return `processor\t: ${at}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel Xeon Processor (Cascadelake)\ncpu MHz\t\t: 2593.906\ncache size\t: 16384 KB\nsiblings\t: ${cpus}\ncpu cores\t: ${cpus}\n\n`;
}

function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
