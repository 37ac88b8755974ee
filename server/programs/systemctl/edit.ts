import { attempt, dirname, Errno, spawnChild, systemdOf } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { findCommand } from "../gnu/execute.ts";
import type { Call } from "../gnu/tool.ts";
import { unitName } from "./units.ts";

const MARK = "### Edits below this comment will be discarded";

/** `systemctl edit`: a drop-in, or with --full a copy of the unit, in an editor. */
export async function edit(call: Call<string>, words: readonly string[]): Promise<number> {
  const { process } = call;
  const { files } = process.host;
  if (words.length === 0) return call.fail("Too few arguments.");
  if (!process.isTty(1)) return call.fail("Cannot edit units if not on a tty.");
  for (const word of words) {
    const name = unitName(word);
    const unit = systemdOf(process.machine).unit(name);
    if (!unit && !call.has("force")) {
      await process.error(
        `No files found for ${name}.\nRun 'systemctl edit --force --full ${name}' to create a new unit.\n`,
      );
      return 1;
    }
    const full = call.has("full");
    const target = full ? `/etc/systemd/system/${name}` : `/etc/systemd/system/${name}.d/override.conf`;
    const before = attempt(() => decode(files.read(target, process)));
    const original = unit ? (process.host.readText(unit.path) ?? "") : "";
    const old = before instanceof Errno ? (full ? original : "") : before;
    const template = full ? old : `### Editing ${target}\n### Anything between here and the comment below will become the contents of the drop-in file\n\n${old}\n\n${MARK}\n\n${unit ? `### ${unit.path}\n${original.split("\n").map((line) => (line === "" ? "" : `# ${line}`)).join("\n")}` : ""}\n`; // prettier-ignore
    files.mkdir(dirname(target), { parents: true }, process);
    const temporary = `${dirname(target)}/.#${target.slice(target.lastIndexOf("/") + 1)}${process.kernel.random.hex("systemctl", 16)}`;
    files.write(temporary, encode(template), {}, process);
    const edited = await runEditor(call, temporary);
    const text = attempt(() => decode(files.read(temporary, process)));
    attempt(() => files.unlink(temporary, process));
    if (!edited || text instanceof Errno) return 1;
    const kept = (full ? text : contents(text)).trim();
    if (kept === "") {
      await process.error(`Editing "${target}" canceled: temporary file is empty.\n`);
      attempt(() => files.rmdir(dirname(target), process));
      continue;
    }
    files.write(target, encode(`${kept}\n`), {}, process);
    await process.error(`Successfully installed edited file '${target}'.\n`);
  }
  systemdOf(process.machine).daemonReload();
  return 0;
}

/** What stands between the comments of the template. */
function contents(text: string): string {
  const end = text.indexOf(MARK);
  return (end < 0 ? text : text.slice(0, end)).replace(/^### (?:Editing|Anything).*\n/gm, "");
}

async function runEditor(call: Call<string>, path: string): Promise<boolean> {
  const { process } = call;
  const { env } = process;
  for (const editor of [env["SYSTEMD_EDITOR"], env["EDITOR"], env["VISUAL"], "editor", "nano", "vim", "vi"]) {
    if (editor === undefined || editor === "") continue;
    const found = findCommand(process, [...editor.split(" "), path]);
    if (found instanceof Errno) continue;
    const pid = spawnChild(process, found);
    for (;;) {
      const { change, status } = await process.wait([pid]);
      if (change === "exited") return "code" in status! && status.code === 0;
    }
  }
  await process.error(
    "Cannot edit units, no editor available.\nPlease set either $SYSTEMD_EDITOR, $EDITOR, or $VISUAL.\n",
  );
  return false;
}
