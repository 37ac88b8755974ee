import { expect, test } from "vitest";
import { sh } from "../testing.ts";

/** What busybox 1.35 printed, by `sh -c` and from a file (undefined: the line that it names is not told here); recorded on Debian 12. */
const CASES: readonly (readonly [text: string, code: number, out: string, command: string, script: string | undefined])[] = [
  ["if; then", 2, "", 'sh: syntax error: unexpected ";"', 'S: line 1: syntax error: unexpected ";"'],
  ['echo "a', 2, "", "sh: syntax error: unterminated quoted string", undefined],
  ["for i in 1; do echo a", 2, "", 'sh: syntax error: unexpected end of file (expecting "done")', undefined],
  ["true\ncd /nope", 2, "", "sh: cd: line 1: can't cd to /nope: No such file or directory", "S: cd: line 2: can't cd to /nope: No such file or directory"],
  [". /nope", 2, "", "sh: .: line 0: can't open '/nope': No such file or directory", "S: .: line 1: can't open '/nope': No such file or directory"],
  ["cat < /nope; echo $?", 0, "1\n", "sh: can't open /nope: no such file", "S: line 1: can't open /nope: no such file"],
  ["echo > /nope/x; echo $?", 0, "1\n", "sh: can't create /nope/x: nonexistent directory", "S: line 1: can't create /nope/x: nonexistent directory"],
  ["nosuch; echo $?", 0, "127\n", "sh: nosuch: not found", "S: line 1: nosuch: not found"],
  ["echo $((1/0))", 2, "", "sh: divide by zero", "S: line 1: divide by zero"],
  ["[ = foo ]; echo $?", 0, "2\n", "sh: foo: unknown operand", "sh: foo: unknown operand"],
  ["[ a -eq 1 ]; echo $?", 0, "2\n", "sh: a: bad number", "sh: a: bad number"],
  ["type nosuch cd; echo $?", 0, "nosuch: not found\ncd is a shell builtin\n127\n", "", ""],
  ["shift 5; break; echo $?", 0, "0\n", "", ""],
  ["v=abc; echo ${v/b/X}; echo ${v^^}", 2, "aXc\n", "sh: syntax error: bad substitution", undefined],
  ["kill 99999; kill; echo $?", 0, "1\n", "sh: can't kill pid 99999: No such process\nsh: you need to specify whom to kill", "sh: can't kill pid 99999: No such process\nsh: you need to specify whom to kill"],
  ['set -x; y="a b" true; for i in 1; do :; done; case a in a) ;; esac', 0, "", "+ y='a b' true\n+ :", "+ y='a b' true\n+ :"],
  ["time -p false; echo $?", 0, "1\n", "Command exited with non-zero status 1\nreal 0.00\nuser 0.00\nsys 0.00", undefined],
  ["return 3; echo no", 3, "", "", ""],
]; // prettier-ignore

/** Here the shell is called `ash` and the script `./case.sh`. */
const named = (words: string): string =>
  words === "" ? "" : `${words.replaceAll(/^sh: /gm, "ash: ").replaceAll(/^S: /gm, "./case.sh: ")}\n`;

test.each(CASES)("ash: %s", async (text, code, out, command, script) => {
  const typed = await sh(text, { shell: "ash" });
  expect([typed.code, typed.stdout, typed.stderr]).toEqual([code, out, named(command)]);
  if (script === undefined) return;
  const ran = await sh(`${text}\n`, { shell: "ash", how: "file" });
  expect([ran.code, ran.stdout, ran.stderr]).toEqual([code, out, named(script)]);
});
