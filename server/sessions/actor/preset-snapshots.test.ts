import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DAY, leap, MINUTE } from "../../sim/kernel/index.ts";
import { boot, START, type World } from "../../sim/world/index.ts";
import { PRESETS } from "../../sim/presets/index.ts";
import { PresetSnapshots } from "./preset-snapshots.ts";
import { recentWorld } from "./presets.ts";
import { hashOf, programHash } from "./program-hash.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

const always = (): boolean => true;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "drydock-presets-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const json = (world: World): string => JSON.stringify(world.snapshot());

test("a preset that was kept is the booted one, byte for byte, and so is what becomes of it", async () => {
  const kept = new PresetSnapshots(folder());
  const booted = await boot(worldCode(), PRESETS["kubeadm"]!.topology, { seed: 1, turn });
  expect(kept.read("kubeadm", always)).toBeUndefined();
  await kept.write("kubeadm", booted);
  const restored = kept.read("kubeadm", (now) => now === START)!;
  expect(json(restored)).toBe(json(booted));
  const [one, other] = [booted.fork({ seed: 7 }), restored.fork({ seed: 7 })];
  for (const world of [one, other]) await leap(world.kernel, START + 5 * MINUTE);
  expect(json(other)).toBe(json(one));
});

test("one that is too old, of another program or damaged is not used", async () => {
  const path = folder();
  const kept = new PresetSnapshots(path);
  await kept.write("linux", await boot(worldCode(), PRESETS["linux"]!.topology, { seed: 1, turn }));
  expect(kept.read("linux", (now) => now > START)).toBeUndefined();
  expect(new PresetSnapshots(path, () => "another").read("linux", always)).toBeUndefined();
  const [name] = readdirSync(path);
  const bytes = readFileSync(join(path, name!));
  for (const damaged of [bytes.subarray(0, 1000), bytes.with(2000, bytes[2000]! ^ 1), Buffer.from("")]) {
    writeFileSync(join(path, name!), damaged);
    expect(kept.read("linux", always)).toBeUndefined();
  }
});

test("a folder that cannot be written costs time only; files of programs that are gone are removed", async () => {
  const path = folder();
  const file = join(folder(), "file");
  writeFileSync(file, "");
  const recent = await recentWorld("linux", START, new PresetSnapshots(file));
  expect(recent.now).toBe(START);
  writeFileSync(join(path, "linux.0123.zst"), "");
  utimesSync(join(path, "linux.0123.zst"), 0, 0);
  const kept = new PresetSnapshots(path);
  await kept.write("linux", recent);
  expect(readdirSync(path)).toEqual([`linux.${programHash()}.zst`]);
  expect((await recentWorld("linux", START + 60 * MINUTE, kept)).now).toBe(START);
  // Another day it is booted again.
  expect((await recentWorld("linux", START + DAY, kept)).now).toBe(START + DAY);
});

test("the program's name is that of its files", () => {
  const server = join(folder(), "server");
  expect(() => hashOf(server)).toThrow("package.json");
  expect(programHash()).toMatch(/^[0-9a-f]{20}$/);
});
