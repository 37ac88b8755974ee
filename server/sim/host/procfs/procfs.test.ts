import { expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import type { Process } from "../process/process.ts";
import { runProgram, testHosts } from "../testing.ts";

test("/proc shows the process that looks", async () => {
  const look = {
    name: "look",
    summary: "",
    run: async (process: Process) => {
      const { files } = process.host;
      await process.print(
        `${files.readlink("/proc/self", process)} ${files.read("/proc/self/cmdline", process).replaceAll("\0", "|")}\n`,
      );
      await process.print(
        `${files.list("/proc/self/fd", process).join(",")} ${files.readlink("/proc/self/fd/0", process)}\n`,
      );
      await process.print(`${files.read("/proc/self/status", process).split("\n").slice(5, 7).join(" ")}\n`);
      return 0;
    },
  };
  const { host } = testHosts([look]);
  expect((await runProgram(host, ["look", "a b"])).stdout).toBe("100 look|a b|\n0,1,2 pipe:[0]\nPid:\t100 PPid:\t0\n");
});

test("machine facts come from the machine, and the host name can be written", () => {
  const { host } = testHosts();
  host.kernel.advance(host.kernel.now + 90 * SECOND);
  expect(host.files.read("/proc/uptime")).toBe("90.00 180.00\n");
  expect(host.files.read("/proc/meminfo").split("\n")[0]).toBe("MemTotal:        2048000 kB");
  host.files.write("/proc/sys/kernel/hostname", "web\n");
  expect(host.hostname).toBe("web");
  expect(host.files.list("/proc/sys/kernel")).toContain("hostname");
  expect(() => host.files.write("/proc/version", "x")).toThrow("Permission denied");
  expect(host.files.exists("/proc/4711")).toBe(false);
});
