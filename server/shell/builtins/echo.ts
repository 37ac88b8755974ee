import { unescape } from "../expansion/escapes.ts";
import type { PlainBuiltin } from "./builtin.ts";

export const echo: PlainBuiltin = {
  name: "echo",
  synopsis: "[-neE] [arg ...]",
  summary: "Writes its arguments, with spaces between them and a newline at the end.",
  run(shell, args) {
    let newline = true;
    let escapes = shell.options.shopt("xpg_echo") || shell.dialect.name === "dash";
    let at = 0;
    const letters = shell.dialect.name === "dash" ? /^-n$/ : /^-[neE]+$/;
    for (; at < args.length && letters.test(args[at]!); at++) {
      for (const letter of args[at]!.slice(1)) {
        if (letter === "n") newline = false;
        else escapes = letter === "e";
      }
    }
    const text = at === 0 ? args.join(" ") : args.slice(at).join(" ");
    if (!escapes) shell.print(newline ? `${text}\n` : text);
    else {
      const unescaped = unescape(text, "echo");
      shell.print(unescaped.text + (newline && !unescaped.ended ? "\n" : ""));
    }
    return 0;
  },
};
