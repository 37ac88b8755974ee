import type { Bytes } from "../../sim/kernel/index.ts";

/** One line of a configuration file. */
export interface ConfigurationLine {
  /** With or without its dashes. */
  readonly option: string;
  readonly value: string | undefined;
  readonly line: number;
}

const ESCAPED: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", v: "\v" };

/** Lines of `-K` and ~/.curlrc: `option value`, `option = value`, `option: value`, values in quotes with escapes, `#` comments. */
export function splitConfiguration(text: Bytes): ConfigurationLine[] {
  return text.split(/\r?\n/).flatMap((raw, at): ConfigurationLine[] => {
    const trimmed = raw.trimStart();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    const dashed = trimmed.startsWith("-");
    const [, option, rest] = (dashed ? /^([^\s]+)(.*)$/s : /^([^\s=:]+)(.*)$/s).exec(trimmed) ?? [];
    if (option === undefined) return [];
    const behind = rest!.replace(dashed ? /^\s+/ : /^[\s=:]+/, "");
    if (!behind.startsWith('"')) {
      const value = behind.split(/\s/)[0]!;
      return [{ option, value: value === "" ? undefined : value, line: at + 1 }];
    }
    const quoted = /^"((?:[^"\\]|\\.)*)/s.exec(behind)![1]!;
    const value = quoted.replaceAll(/\\(.)/gs, (_, char: string) => ESCAPED[char] ?? char);
    return [{ option, value, line: at + 1 }];
  });
}
