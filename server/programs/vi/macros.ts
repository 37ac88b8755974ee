import type { Editor, Steps } from "./editor.ts";

/** `qa` begins, `q` ends to record what is typed. */
export function* startRecording(editor: Editor): Steps {
  if (editor.recording) {
    const { register, keys } = editor.recording;
    editor.recording = undefined;
    // Without the `q` that ended it.
    const text = keys.slice(0, -1);
    editor.macros.set(
      register.toLowerCase(),
      /[A-Z]/.test(register) ? [...(editor.macros.get(register.toLowerCase()) ?? []), ...text] : text,
    );
    editor.registers.set(register, { kind: "char", lines: text.map(asText).join("").split("\n") });
    editor.say("");
    return;
  }
  const name = yield* editor.key();
  if (name === ":" || name === "/" || name === "?") return void editor.notSimulated(`q${name}`);
  if (!/^[a-zA-Z0-9"]$/.test(name)) return void editor.fail();
  editor.recording = { register: name, keys: [] };
  editor.say("");
}

/** Keys as text, as far as they are characters. */
function asText(key: string): string {
  return key.length > 2 && key.startsWith("<") ? "" : key;
}

/** `@a`, `@@`, `@:` */
export function* playMacro(editor: Editor, count: number): Steps {
  let name = yield* editor.key();
  if (name === "@" && editor.lastMacro === ":") name = ":";
  if (name === ":") {
    if (editor.lastEx === undefined) return void editor.error("E30: No previous command line");
    editor.lastMacro = ":";
    for (let rest = count; rest > 0; rest--) yield* editor.hooks.execute(editor, editor.lastEx);
    return;
  }
  if (name === "@") {
    if (editor.lastMacro === undefined) return void editor.error("E748: No previously used register");
    name = editor.lastMacro;
  }
  const recorded = editor.macros.get(name.toLowerCase());
  const value = editor.registers.get(name);
  const text = value === undefined ? undefined : value.lines.join("\r") + (value.kind === "line" ? "\r" : "");
  // A register that was changed since is played as its text.
  const same = recorded && value && recorded.map(asText).join("") === value.lines.join("\n");
  const keys = same ? recorded : text === undefined ? undefined : [...text];
  if (!keys) return void editor.fail();
  editor.lastMacro = name;
  const all: string[] = [];
  for (let rest = Math.min(count, 100_000); rest > 0 && all.length < 1_000_000; rest--) all.push(...keys);
  editor.typeahead.unshift(...all);
}
