import { expect, test } from "vitest";
import { decode } from "../../sim/kernel/index.ts";
import { programWorld } from "../testing.ts";

test("files of sysctl.d count by name, /etc hides /usr/lib, and what is not there is passed over", async () => {
  const world = await programWorld([
    { path: "/usr/lib/sysctl.d/10-a.conf", text: "kernel.domainname = hidden\n" },
    { path: "/etc/sysctl.d/10-a.conf", text: "# comment\nkernel.hostname = first\n" },
    { path: "/run/sysctl.d/20-b.conf", text: "kernel/hostname = two\nnet.nowhere = 1\n-kernel.nothing = 2\nbad\n" },
  ]);
  const write = await world.run("systemd-sysctl");
  expect([write.code, decode(write.stderr)]).toEqual([
    1,
    "/run/sysctl.d/20-b.conf:4: Line is not an assignment, ignoring: bad\nCouldn't write '1' to 'net/nowhere', ignoring: No such file or directory\nCouldn't write '2' to 'kernel/nothing', ignoring: No such file or directory\n",
  ]);
  const { stdout } = await world.run("sysctl kernel.hostname");
  expect(decode(stdout)).toBe("kernel.hostname = two\n");
});
