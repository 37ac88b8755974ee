import { Errno, type OpenFile } from "../sim/host/index.ts";
import { fromUint8Array, toUint8Array, type Bytes } from "../sim/kernel/index.ts";
import { chunks, openOperand } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const base64 = tool({
  name: "base64",
  package: "coreutils",
  summary: "base64 encode/decode data and print to standard output",
  usage: ["[OPTION]... [FILE]"],
  about:
    "Base64 encode or decode FILE, or standard input, to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    decode: { short: "d", long: "decode", help: "decode data" },
    wrap: { short: "w", long: "wrap", arg: "COLS", help: "wrap encoded lines after COLS character (default 76). Use 0 to disable line wrapping" }, // prettier-ignore
    ignore: { short: "i", long: "ignore-garbage", help: "when decoding, ignore non-alphabet characters" },
  },
  async run(call) {
    const { operands } = call;
    const text = call.value("wrap") ?? "76";
    if (!/^\+?\d+$/.test(text)) return call.fail(`invalid wrap size: ${call.quote(text)}`);
    if (operands.length > 1) return call.usage(`extra operand ${call.quote(operands[1]!)}`);
    const name = operands[0] ?? "-";
    const file = openOperand(call.process, name);
    if (file instanceof Errno) return call.fail(`${quoteIfNeeded(name)}: ${file.message}`);
    try {
      return await (call.has("decode") ? decodeAll(call, file) : encodeAll(call, file, Number(text)));
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
      return call.fail(`read error: ${error.message}`);
    }
  },
});

async function encodeAll(call: Call<string>, file: OpenFile, wrap: number): Promise<number> {
  let rest: Bytes = "";
  let column = 0;
  const put = async (text: string): Promise<void> => {
    if (wrap === 0) return await call.out.put(text);
    let out = "";
    for (let at = 0; at < text.length;) {
      const piece = text.slice(at, at + wrap - column);
      out += piece;
      at += piece.length;
      column += piece.length;
      if (column < wrap) continue;
      out += "\n";
      column = 0;
    }
    await call.out.put(out);
  };
  for await (const chunk of chunks(call.process, file, call.out)) {
    const bytes = rest + chunk;
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.slice(whole);
    await put(toBase64(bytes.slice(0, whole)));
  }
  await put(toBase64(rest));
  if (column > 0) await call.out.put("\n");
  return 0;
}

function toBase64(bytes: Bytes): string {
  return Buffer.from(toUint8Array(bytes)).toString("base64");
}

/** Four letters at a time; what was good before the first bad group is written (gnulib lib/base64.c). */
async function decodeAll(call: Call<string>, file: OpenFile): Promise<number> {
  const ignore = call.has("ignore");
  let rest = "";
  for await (const chunk of chunks(call.process, file, call.out)) {
    const letters = rest + (ignore ? chunk.replace(/[^A-Za-z0-9+/=]/g, "") : chunk.replaceAll("\n", ""));
    const whole = letters.length - (letters.length % 4);
    const { bytes, valid } = decodeLetters(letters.slice(0, whole));
    await call.out.put(bytes);
    if (!valid) return invalid(call);
    rest = letters.slice(whole);
  }
  if (rest === "") return 0;
  await call.out.put(/^[A-Za-z0-9+/]{2,3}/.test(rest) ? decodeLetters(rest).bytes : "");
  return invalid(call);
}

async function invalid(call: Call<string>): Promise<number> {
  await call.out.flush();
  return call.fail("invalid input");
}

function decodeLetters(letters: string): { bytes: Bytes; valid: boolean } {
  const good = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)*/.exec(letters)![0];
  let bytes = "";
  for (const run of good.match(/[^=]+={0,2}/g) ?? []) bytes += fromUint8Array(Buffer.from(run, "base64"));
  if (good.length === letters.length) return { bytes, valid: true };
  const partial = /^[A-Za-z0-9+/]{2,3}/.exec(letters.slice(good.length))?.[0] ?? "";
  return { bytes: bytes + fromUint8Array(Buffer.from(partial, "base64")), valid: false };
}
