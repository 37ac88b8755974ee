import { encode } from "../../server/sim/kernel/index.ts";
import { dirname, Errno, ROOT } from "../../server/sim/host/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { Broken, remember, runCommand, Scene } from "../../grader/index.ts";
import { applyFault } from "../faults/index.ts";
import type { PlacedLab } from "../load/lab-source.ts";
import { readManifest } from "../load/manifests.ts";
import { kindsOf } from "../load/preset-kinds.ts";
import { referencePages } from "../reference/documentation.ts";
import type { SetupStep } from "../schema/lab.ts";
import { drawn } from "../schema/variants.ts";
import { BadFile } from "../schema/bad-file.ts";
import { Admin, Refused } from "./admin.ts";
import { refusalProblems } from "./refusal.ts";

/**
 * Opens a lab: a copy of its preset's world, whose randomness goes on from the lab's seed, in which the lab's setup is done
 * step by step and everything has come to rest. Throws BadFile with the step that does not work.
 */
export async function openLab(placed: PlacedLab, preset: World): Promise<World> {
  const world = preset.fork({ seed: placed.seed });
  await setUp(placed, world);
  return world;
}

/** Does the setup of a lab in a world that was made for it, as `openLab` does. */
export async function setUp(placed: PlacedLab, world: World): Promise<void> {
  const { lab, source } = placed;
  for (const [path, text] of referencePages(lab))
    writeFile(placed, world, { on: lab.terminal.host, path, text, mode: "644" });
  for (const [at, step] of lab.setup.entries()) {
    if (!drawn(placed.values, step.when)) continue;
    try {
      await takeStep(placed, world, step);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Broken || error instanceof Errno)) throw error;
      throw new BadFile([source.yaml.problem(["setup", at], `seed ${placed.seed}: ${error.message}`)]);
    }
  }
  const { host, user } = lab.terminal;
  if (!new Scene(world).machine(host).host.users.byName(user))
    throw new BadFile([source.yaml.problem(["terminal", "user"], `${host} has no user ${user}`)]);
  const rests = await world.settle();
  // What a fault broke may be started again and again, for as long as it is broken.
  if (!rests && !lab.setup.some(({ fault }) => fault))
    throw new BadFile([
      source.yaml.problem(["setup"], `seed ${placed.seed}: the world does not come to rest after the setup`),
    ]);
  remember(
    world,
    lab.tasks.flatMap((task) => task.checks),
  );
}

async function takeStep(placed: PlacedLab, world: World, step: SetupStep): Promise<void> {
  if (step.manifest !== undefined) await applyManifest(placed, world, step.manifest);
  else if (step.fault) await applyFault(world, step.fault);
  else if (step.file) writeFile(placed, world, step.file);
  else if (step.script) await runScript(placed, world, step.script);
  else await world.settle();
}

async function applyManifest(placed: PlacedLab, world: World, file: string): Promise<void> {
  const { folder } = placed.source;
  const { objects, problems } = readManifest(`${folder.path}/${file}`, placed.text(file), kindsOf(placed.lab.preset));
  if (problems.length > 0) throw new BadFile(problems);
  const admin = Admin.of(world);
  for (const manifest of objects) {
    try {
      await admin.apply(manifest.kind, manifest.object);
    } catch (error) {
      if (error instanceof Refused) throw new BadFile(refusalProblems(manifest, error));
      throw error;
    }
  }
}

function writeFile(
  placed: PlacedLab,
  world: World,
  { on, path, text, from, mode }: NonNullable<SetupStep["file"]>,
): void {
  const { host } = new Scene(world).machine(on);
  const as = { ...ROOT, umask: 0 };
  host.files.mkdir(dirname(path), { parents: true }, as);
  host.files.write(path, encode(text ?? placed.text(from!)), { mode: Number.parseInt(mode, 8) }, as);
  host.files.chmod(path, Number.parseInt(mode, 8));
}

async function runScript(placed: PlacedLab, world: World, script: NonNullable<SetupStep["script"]>): Promise<void> {
  const text = script.run ?? placed.text(script.file!);
  const { exitCode, stderr } = await runCommand(world, new Scene(world).machine(script.on), text);
  if (exitCode === 0) return;
  const how = exitCode === undefined ? "does not end" : `ends with exit code ${exitCode}`;
  throw new Refused(`the script ${how}${stderr === "" ? "" : `: ${stderr.trim().replaceAll("\n", "; ")}`}`);
}
