import { attempt, Errno, open } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { openOperand, readWhole } from "./gnu/input.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const xxd = tool({
  name: "xxd",
  package: "vim",
  title: "xxd",
  summary: "make a hex dump or do the reverse",
  usage: ["[options] [infile [outfile]]", "-r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]"],
  flags: {
    bits: { short: "b", help: "binary digit dump (incompatible with -ps,-i). Default hex." },
    columns: { short: "c", arg: "cols", help: "format <cols> octets per line. Default 16 (-i: 12, -ps: 30)." },
    group: { short: "g", arg: "bytes", help: "number of octets per group in normal output. Default 2." },
    include: { short: "i", help: "output in C include file style." },
    length: { short: "l", arg: "len", help: "stop after <len> octets." },
    plain: { short: "p", help: "output in postscript plain hexdump style." },
    reverse: { short: "r", help: "reverse operation: convert (or patch) hexdump into binary." },
    seek: { short: "s", arg: "seek", help: "start at <seek> bytes abs." },
    upper: { short: "u", help: "use upper case hex letters." },
    others: { short: "adeEnoRv", simulated: false },
  },
  rewrite: (args) =>
    args.map((arg) =>
      arg === "-ps" || arg === "-plain" || arg === "-postscript"
        ? "-p"
        : arg === "-len"
          ? "-l"
          : arg === "-cols"
            ? "-c"
            : arg,
    ),
  async run(call) {
    const [name = "-", output] = call.operands;
    const file = openOperand(call.process, name);
    if (file instanceof Errno) {
      await call.process.error(`xxd: ${name}: ${file.message}\n`);
      return 2;
    }
    const all = await readWhole(call.process, file, call.out);
    if (output !== undefined) {
      const target = attempt(() => open(call.process.host, output, { write: true, truncate: true }, call.process));
      if (target instanceof Errno) return call.fail(`${output}: ${target.message}`, 3);
      call.process.fds.set(1, target);
    }
    if (call.has("reverse")) {
      await call.out.put(reversed(all, call.has("plain")));
      return 0;
    }
    const seek = number(call, "seek") ?? 0;
    const start = seek < 0 ? Math.max(0, all.length + seek) : seek;
    const bytes = all.slice(start, start + (number(call, "length") ?? Infinity));
    await call.out.put(
      call.has("plain")
        ? plain(call, bytes)
        : call.has("include")
          ? include(call, bytes, name)
          : dump(call, bytes, start),
    );
    return 0;
  },
});

function number(call: Call<string>, flag: string): number | undefined {
  const text = call.value(flag);
  return text === undefined ? undefined : Number(text);
}

function hex(call: Call<string>, byte: string): string {
  const text = byte.charCodeAt(0).toString(16).padStart(2, "0");
  return call.has("upper") ? text.toUpperCase() : text;
}

function plain(call: Call<string>, bytes: Bytes): string {
  const columns = number(call, "columns") ?? 30;
  let out = "";
  for (let at = 0; at < bytes.length; at += columns || bytes.length)
    out += `${Array.from(bytes.slice(at, at + (columns || bytes.length)), (byte) => hex(call, byte)).join("")}\n`;
  return out;
}

function include(call: Call<string>, bytes: Bytes, name: string): string {
  const columns = number(call, "columns") ?? 12;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += columns)
    lines.push(`  ${Array.from(bytes.slice(at, at + columns), (byte) => `0x${hex(call, byte)}`).join(", ")}`);
  if (name === "-") return lines.length > 0 ? `${lines.join(",\n")}\n` : "";
  const variable = name.replace(/[^A-Za-z0-9]/g, "_");
  return `unsigned char ${variable}[] = {\n${lines.join(",\n")}\n};\nunsigned int ${variable}_len = ${bytes.length};\n`;
}

function dump(call: Call<string>, bytes: Bytes, start: number): string {
  const bits = call.has("bits");
  const columns = number(call, "columns") ?? (bits ? 6 : 16);
  const group = number(call, "group") ?? (bits ? 1 : 2);
  const digits = bits ? 8 : 2;
  const groups = group === 0 ? 0 : Math.ceil(columns / group);
  const width = columns * digits + groups;
  let out = "";
  for (let at = 0; at < bytes.length; at += columns) {
    const line = bytes.slice(at, at + columns);
    let body = "";
    Array.from(line).forEach((byte, index) => {
      body += bits ? byte.charCodeAt(0).toString(2).padStart(8, "0") : hex(call, byte);
      if (group > 0 && (index + 1) % group === 0) body += " ";
    });
    out += `${(start + at).toString(16).padStart(8, "0")}: ${body.padEnd(width)} ${line.replace(/[^ -~]/g, ".")}\n`;
  }
  return out;
}

function reversed(text: Bytes, isPlain: boolean): Bytes {
  if (isPlain) return fromHex(text.replace(/\s+/g, ""));
  let out = "";
  for (const line of text.split("\n")) {
    const match = /^\s*([0-9a-fA-F]+):\s?(.*)$/.exec(line);
    if (!match) continue;
    const offset = parseInt(match[1]!, 16);
    const data = fromHex(match[2]!.split("  ")[0]!.replace(/\s+/g, ""));
    out = out.slice(0, offset).padEnd(offset, "\0") + data + out.slice(offset + data.length);
  }
  return out;
}

function fromHex(digits: string): Bytes {
  return Buffer.from(/^(?:[0-9a-fA-F]{2})*/.exec(digits)![0], "hex").toString("latin1");
}
