import { beforeEach, expect, test } from "vitest";
import { bash } from "../../shell/index.ts";
import { goldenWorld, type GoldenWorld } from "./testing.ts";
import { lsmod } from "../lsmod/lsmod.ts";
import { wc } from "../wc.ts";
import { sysctl } from "../sysctl/sysctl.ts";
import { modprobe } from "./modprobe.ts";
import { rmmod } from "./rmmod.ts";

let world: GoldenWorld;

beforeEach(() => {
  world = goldenWorld([bash, lsmod, modprobe, rmmod, sysctl, wc]);
});

async function run(line: string): Promise<string> {
  const { output, status } = await world.run(line);
  return status === 0 ? output : `${output}[${status}]\n`;
}

const LOADED = `Module                  Size  Used by
br_netfilter           32768  0
bridge                421888  1 br_netfilter
stp                    12288  1 bridge
llc                    16384  2 bridge,stp
`;

test("a module is listed after those that need it", async () => {
  expect(await run("lsmod")).toBe(LOADED);
});

test("a module comes with what it needs, and goes with it", async () => {
  await world.must("modprobe -r br_netfilter");
  expect(await run("lsmod")).toBe("Module                  Size  Used by\n");
  expect(await run("sysctl net.bridge.bridge-nf-call-iptables")).toBe(
    "sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory\n[1]\n",
  );
  await world.must("modprobe br_netfilter; modprobe br-netfilter");
  expect(await run("lsmod")).toBe(LOADED);
  expect(await run("sysctl net.bridge.bridge-nf-call-iptables")).toBe("net.bridge.bridge-nf-call-iptables = 1\n");
});

test("rmmod leaves what a module needed", async () => {
  expect(await run("rmmod bridge nosuch")).toBe(
    "rmmod: ERROR: Module bridge is in use by: br_netfilter\nrmmod: ERROR: Module nosuch is not currently loaded\n[1]\n",
  );
  await world.must("rmmod br_netfilter");
  expect(await run("lsmod | wc -l")).toBe("4\n");
});

test.each([
  ["modprobe nosuch", "modprobe: FATAL: Module nosuch not found in directory /lib/modules/6.18.44\n[1]\n"],
  ["modprobe -q nosuch", "[1]\n"],
  ["modprobe -a overlay nosuch", "modprobe: WARNING: Module nosuch not found in directory /lib/modules/6.18.44\n[1]\n"],
  ["modprobe -r bridge", "modprobe: FATAL: Module bridge is in use.\n[1]\n"],
  ["modprobe -r overlay", ""],
  ["modprobe -v overlay", "insmod /lib/modules/6.18.44/kernel/fs/overlayfs/overlay.ko.zst \n"],
  ["modprobe -nv overlay", "insmod /lib/modules/6.18.44/kernel/fs/overlayfs/overlay.ko.zst \n"],
  ["modprobe", "modprobe: ERROR: missing parameters. See -h.\n[1]\n"],
])("%s", async (line, shown) => {
  expect(await run(line)).toBe(shown);
});
