import { expect, test } from "vitest";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { WORLD_PRESETS } from "../../sim/presets/index.ts";
import { boot } from "../../sim/world/index.ts";
import { typed } from "./testing.ts";

test("an IPv6 route goes when its lifetime is over, also in a copy of the world; one that was made to last stays", async () => {
  const world = await boot(worldCode(), WORLD_PRESETS["linux"]!.topology, { seed: 1, turn });
  const on = "linux";
  const shown = "ip -6 route show root 2001:db8:5::/47";
  const before = await typed(
    world,
    [
      "ip -6 addr add 2001:db8::1/64 dev eth0",
      "ip -6 route add 2001:db8:5::/48 dev eth0 expires 60",
      "ip -6 route add 2001:db8:4::/48 dev eth0 expires 60",
      "ip -6 route replace 2001:db8:4::/48 dev eth0",
      shown,
    ],
    on,
  );
  expect(before.join("")).toBe(
    "2001:db8:4::/48 dev eth0 metric 1024 pref medium\n2001:db8:5::/48 dev eth0 metric 1024 expires 52sec pref medium\n",
  );
  const copy = world.fork({ resume: true });
  for (const each of [world, copy])
    expect((await typed(each, ["sleep 70", shown], on)).join("")).toBe(
      "2001:db8:4::/48 dev eth0 metric 1024 pref medium\n",
    );
});
