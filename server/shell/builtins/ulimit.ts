import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

interface Limit {
  readonly letter: string;
  readonly words: string;
  readonly unit: string;
  readonly value: (this: void, shell: Shell) => string;
}

const unlimited = (): string => "unlimited";

/** What a session limits stands here with its number; the rest is what a login gives root, and never reached. */
const LIMITS: readonly Limit[] = [
  { letter: "R", words: "real-time non-blocking time", unit: "microseconds", value: unlimited },
  { letter: "c", words: "core file size", unit: "blocks", value: () => "0" },
  { letter: "d", words: "data seg size", unit: "kbytes", value: unlimited },
  { letter: "e", words: "scheduling priority", unit: "", value: () => "0" },
  { letter: "f", words: "file size", unit: "blocks", value: (shell) => String(shell.kernel.limits.fileSize / 1024) },
  { letter: "i", words: "pending signals", unit: "", value: () => "7643" },
  { letter: "l", words: "max locked memory", unit: "kbytes", value: () => "251900" },
  { letter: "m", words: "max memory size", unit: "kbytes", value: unlimited },
  { letter: "n", words: "open files", unit: "", value: (shell) => String(shell.kernel.limits.openFiles) },
  { letter: "p", words: "pipe size", unit: "512 bytes", value: () => "8" },
  { letter: "q", words: "POSIX message queues", unit: "bytes", value: () => "819200" },
  { letter: "r", words: "real-time priority", unit: "", value: () => "0" },
  { letter: "s", words: "stack size", unit: "kbytes", value: () => "8192" },
  { letter: "t", words: "cpu time", unit: "seconds", value: unlimited },
  { letter: "u", words: "max user processes", unit: "", value: (shell) => String(shell.kernel.limits.processes) },
  { letter: "v", words: "virtual memory", unit: "kbytes", value: unlimited },
  { letter: "x", words: "file locks", unit: "", value: unlimited },
];

export const ulimit: PlainBuiltin = {
  name: "ulimit",
  synopsis: "[-SHabcdefiklmnpqrstuvxPRT] [limit]",
  summary: "Shows what the session may use.",
  run(shell, args) {
    const parsed = parseOptions(shell, ulimit, args, "SHabcdefiklmnpqrstuvxPRT");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const [limit] = rest;
    if (limit !== undefined) {
      if (!/^(\d+|unlimited|soft|hard)$/.test(limit)) {
        shell.complainInBuiltin(`${limit}: invalid number`);
        return 1;
      }
      shell.complain("drydock: ulimit: setting limits is not simulated");
      return 64;
    }
    const letters = [...options.keys()].filter((letter) => letter !== "S" && letter !== "H");
    const wanted = options.has("a") ? LIMITS : LIMITS.filter(({ letter }) => (letters.length > 0 ? letters.includes(letter) : letter === "f")); // prettier-ignore
    const plain = !options.has("a") && letters.length <= 1;
    for (const { letter, words, unit, value } of wanted) {
      const label = `(${unit === "" ? "" : `${unit}, `}-${letter})`;
      shell.print(plain ? `${value(shell)}\n` : `${words.padEnd(20)}${label.padStart(20)} ${value(shell)}\n`);
    }
    return 0;
  },
};
