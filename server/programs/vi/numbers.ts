import type { Editor } from "./editor.ts";

/** Ctrl-A and Ctrl-X on the number at or behind an index. As op_addsub() with 'nrformats' bin,hex. In Visual mode a sign counts only within the selection. */
export function add(
  editor: Editor,
  text: string,
  from: number,
  by: number,
  visual = false,
): { text: string; col: number } | undefined {
  const octal = editor.options.text("nrformats").includes("octal");
  for (const match of text.matchAll(/0[xX][0-9a-fA-F]+|0[bB][01]+|-?\d+/g)) {
    const end = match.index + match[0].length;
    if (end <= from) continue;
    let found = match[0];
    let start = match.index;
    if (visual && start < from && from < end) {
      start = from;
      found = text.slice(from, end);
    }
    const hex = /^0[xXbB]/.test(found) ? found.slice(0, 2) : "";
    let value: bigint;
    let made: string;
    if (hex !== "") {
      value = BigInt(found) + BigInt(by);
      value = BigInt.asUintN(64, value);
      made = value.toString(/x/i.test(hex) ? 16 : 2).padStart(found.length - 2, "0");
      if (/[A-F]/.test(found.slice(2)) && !/[a-f]/.test(found.slice(2))) made = made.toUpperCase();
      made = hex + made;
    } else if (octal && /^0[0-7]+$/.test(found)) {
      value = BigInt(`0o${found.slice(1)}`) + BigInt(by);
      made = BigInt.asUintN(64, value)
        .toString(8)
        .padStart(found.length - 1, "0");
      made = `0${made}`;
    } else {
      value = BigInt(found) + BigInt(by);
      const digits = found.replace("-", "");
      const positive = value < 0n ? -value : value;
      made = digits.startsWith("0") && digits.length > 1 ? positive.toString().padStart(digits.length, "0") : positive.toString(); // prettier-ignore
      if (value < 0n) made = `-${made}`;
    }
    return { text: text.slice(0, start) + made + text.slice(end), col: start + made.length - 1 };
  }
  return undefined;
}
