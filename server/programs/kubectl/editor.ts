import { Errno, exitCode, spawnChild, type Process } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { findCommand } from "../gnu/execute.ts";
import { GoError } from "./errors/go-error.ts";

const DEFAULT = "vi";

/** Lets the user's editor work on a text; the text afterwards, and the file that still holds it (kubectl pkg/cmd/util/editor). */
export async function editText(
  process: Process,
  prefix: string,
  suffix: string,
  text: string,
): Promise<{ readonly text: string; readonly file: string }> {
  const { files } = process.host;
  const digits = process.kernel.random.text("kubectl/edit", 10, "0123456789").replace(/^0+(?=\d)/, "");
  const file = `/tmp/${prefix}${digits}${suffix}`;
  files.write(file, encode(text), { mode: 0o600 }, process);
  await launch(process, file);
  return { text: decode(files.read(file, process)), file };
}

async function launch(process: Process, file: string): Promise<void> {
  const { env } = process;
  const editor = env["KUBE_EDITOR"] || env["EDITOR"] || DEFAULT;
  // What a shell has to read is handed to one.
  const words = /["'\\]/.test(editor)
    ? [env["SHELL"] || "/bin/bash", "-c", `${editor} ${JSON.stringify(file)}`]
    : [...editor.split(" "), file];
  // The file is left out of what is said of the editor.
  const called = words.length === 3 && words[1] === "-c" ? `${words[0]!} -c ${editor}` : editor;
  const found = findCommand(process, words);
  if (found instanceof Errno) throw new GoError(`unable to launch the editor ${JSON.stringify(editor)}`);
  const child = spawnChild(process, found);
  for (;;) {
    const { change, status } = await process.wait([child]);
    if (change !== "exited") continue;
    if (exitCode(status!) === 0) return;
    throw new GoError(`there was a problem with the editor ${JSON.stringify(called)}`);
  }
}
