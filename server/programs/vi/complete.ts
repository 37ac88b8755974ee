import type { Editor } from "./editor.ts";
import { COMMAND_NAMES } from "./ex/names.ts";
import { OPTION_SPECS } from "./options.ts";

/** What Tab completes at `:`: names of commands, options behind `:set`, files behind all else. */
export function complete(editor: Editor, text: string): { names: string[]; start: number } {
  const command = /^[%.$,\d'<>+-]*([a-zA-Z]*)$/.exec(text);
  if (command) {
    const start = text.length - command[1]!.length;
    return { names: COMMAND_NAMES.filter((name) => name.startsWith(command[1]!)).toSorted(), start };
  }
  const option = /^set?\s+(?:\S+\s+)*(no|inv)?([a-z]*)$/.exec(text);
  if (option) {
    const start = text.length - option[2]!.length;
    const names = OPTION_SPECS.filter(
      (spec) => spec.name.startsWith(option[2]!) && (!option[1] || typeof spec.initial === "boolean"),
    );
    return { names: names.map((spec) => spec.name).toSorted(), start };
  }
  const word = /\S*$/.exec(text)![0];
  return { names: editor.disk.matches(word), start: text.length - word.length };
}
