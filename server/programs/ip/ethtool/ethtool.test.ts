import { expect, test } from "vitest";
import { bash } from "../../../shell/index.ts";
import { goldenWorld } from "../../modprobe/testing.ts";
import { ip } from "../ip.ts";
import { ethtool } from "./ethtool.ts";

test("a driver says who it is", async () => {
  const world = goldenWorld([bash, ethtool, ip]);
  await world.must("ip link add v1 type veth peer name v2");
  const { output } = await world.run("ethtool -i v1");
  expect(output).toMatch(/^driver: veth\nversion: 1\.0\nfirmware-version: \n/);
  expect(await world.run("ethtool -i nosuch")).toEqual({
    output: "Cannot get driver information: No such device\n",
    status: 71,
  });
  expect(await world.run("ethtool -i lo")).toMatchObject({ status: 71 });
  expect((await world.run("ethtool v1")).output).toMatch(/^Settings for v1:\n.*\tLink detected: no\n$/s);
  expect(await world.run("ethtool -K v1 tx off")).toEqual({
    output: "drydock: ethtool: '-K v1 tx off' is not simulated\n",
    status: 64,
  });
});
