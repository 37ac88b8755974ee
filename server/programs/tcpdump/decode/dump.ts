import type { Bytes } from "../../../sim/kernel/index.ts";

/** -x: sixteen bytes a line in hexadecimal (hex_print). */
export function hexDump(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 16)
    text += `\n\t0x${at.toString(16).padStart(4, "0")}:  ${pairs(bytes.slice(at, at + 16))}`;
  return text;
}

/** -X: the same with the characters beside (hex_and_ascii_print). */
export function hexAsciiDump(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.slice(at, at + 16);
    const shown = line.replaceAll(/[^\x21-\x7e]/g, ".");
    text += `\n\t0x${at.toString(16).padStart(4, "0")}:  ${pairs(line).padEnd(39)}  ${shown}`;
  }
  return text;
}

/** -A: the characters alone (ascii_print). */
export function asciiDump(bytes: Bytes): string {
  return `\n${bytes.replaceAll(/\r(?=\n)/g, "").replaceAll(/[^\x20-\x7e\t\n]/g, ".")}`;
}

function pairs(line: Bytes): string {
  let text = "";
  for (let at = 0; at < line.length; at++) {
    if (at > 0 && at % 2 === 0) text += " ";
    text += line.charCodeAt(at).toString(16).padStart(2, "0");
  }
  return text;
}
