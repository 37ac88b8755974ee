import { Errno } from "../errno.ts";
import { directory, file, type ViewNode } from "../files/view.ts";
import type { ViewContext } from "../host.ts";

/**
 * Settings below /proc/sys that files of Ubuntu's /etc/sysctl.d name: kept and shown, and nothing in this simulation depends on them.
 * Values as they are after a start of Ubuntu 24.04.
 */
const SETTINGS = {
  "kernel/printk": "4\t4\t1\t7",
  "kernel/kptr_restrict": "1",
  "kernel/sysrq": "176",
  "kernel/yama/ptrace_scope": "1",
  "vm/max_map_count": "1048576",
  "vm/mmap_min_addr": "65536",
} as const;

function setting(key: keyof typeof SETTINGS): ViewNode<ViewContext> {
  const count = SETTINGS[key].split("\t").length;
  return file(
    ({ host }) =>
      `${host.kernel.state.table<string, string>(TABLE).get(`${host.machine.name} ${key}`) ?? SETTINGS[key]}\n`,
    ({ host }, data) => {
      const numbers = data.trim().split(/\s+/);
      if (numbers.length > count || numbers.some((number) => !/^\d+$/.test(number))) throw new Errno("EINVAL");
      host.kernel.state.table<string, string>(TABLE).set(`${host.machine.name} ${key}`, numbers.join("\t"));
    },
  );
}

const TABLE = "kernel-settings";

/** What belongs into /proc/sys/kernel and /proc/sys/vm. */
export const kernelSettings = {
  kernel: {
    printk: setting("kernel/printk"),
    kptr_restrict: setting("kernel/kptr_restrict"),
    sysrq: setting("kernel/sysrq"),
    yama: directory<ViewContext>({ ptrace_scope: setting("kernel/yama/ptrace_scope") }),
  },
  vm: directory<ViewContext>({
    max_map_count: setting("vm/max_map_count"),
    mmap_min_addr: setting("vm/mmap_min_addr"),
  }),
};
