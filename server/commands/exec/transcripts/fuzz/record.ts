/**
 * Differential fuzzing: types the same random commands (the same for the same seed) into real namespaces and into our world, and
 * prints where they differ. Needs root, and RECORDER, the path of the recorder of the golden transcripts (capture.mjs).
 *
 *     RECORDER=…/capture.mjs node server/commands/exec/transcripts/fuzz/record.ts THEME FIRST-SEED LAST-SEED [LENGTH] [DIRECTORY]
 *
 * The recordings stay in DIRECTORY (./fuzz by default) as THEME-SEED.t; a good one is moved to ../fixtures/fuzz. With an empty
 * RECORDER the recordings that are there are compared again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorld } from "../../../open-world.ts";
import { virtualPacing } from "../../pacing.ts";
import { readTranscript, TranscriptPlayer } from "../../transcript.ts";
import { masked } from "../masked.ts";
import { THEMES } from "./themes/index.ts";
import { commandsOf } from "./words.ts";

const [theme = "", first = "1", last = first, length = "40", directory = "fuzz"] = process.argv.slice(2);
const chosen = THEMES[theme];
if (!chosen) throw new Error(`there is no theme '${theme}': one of ${Object.keys(THEMES).join(", ")}`);
mkdirSync(directory, { recursive: true });
const files = Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => {
  const seed = Number(first) + at;
  const file = join(directory, `${theme}-${seed}.t`);
  if (!existsSync(file)) {
    const commands = commandsOf(chosen, seed, Number(length));
    writeFileSync(
      file,
      `# world: ${chosen.world}\n# tty: none\n${commands.map((command) => `$ ${command}\n`).join("")}`,
    );
  }
  return file;
});
const recorder = process.env["RECORDER"];
if (recorder) spawnSync(process.execPath, [recorder, "-j", "24", ...files], { stdio: "inherit" });

let [lines, different] = [0, 0];
for (const file of files) {
  const { head, steps } = readTranscript(readFileSync(file, "utf8"));
  const { world, host } = await openWorld({ world: head["world"] ?? "bare", seed: 1 });
  const pacing = virtualPacing(world);
  const player = new TranscriptPlayer(world, pacing, host);
  await player.settle();
  for (const { command, output } of steps) {
    lines++;
    const { shown } = await player.run(command, head["tty"]);
    const [real, ours] = [masked(output), masked(shown)];
    if (real === ours) continue;
    different++;
    process.stdout.write(`== ${file} $ ${command}\n--- real\n${real}--- ours\n${ours}`);
  }
  pacing.stop();
}
process.stdout.write(`${files.length} sequences, ${lines} commands, ${different} different\n`);
