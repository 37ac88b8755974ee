import { createHash } from "node:crypto";
import { Errno } from "../sim/host/index.ts";
import { decode, toUint8Array } from "../sim/kernel/index.ts";
import { chunks, closeOperand, openOperand, readWhole, splitLines } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool, type Call, type GnuProgram } from "./gnu/tool.ts";

export const md5sum = checksum("md5", "MD5", 128);
export const sha1sum = checksum("sha1", "SHA1", 160);
export const sha224sum = checksum("sha224", "SHA224", 224);
export const sha256sum = checksum("sha256", "SHA256", 256);
export const sha384sum = checksum("sha384", "SHA384", 384);
export const sha512sum = checksum("sha512", "SHA512", 512);

function checksum(algorithm: string, title: string, bits: number): GnuProgram {
  const name = `${algorithm}sum`;
  return tool({
    name,
    package: "coreutils",
    summary: `compute and check ${title} message digest`,
    usage: ["[OPTION]... [FILE]..."],
    about: `Print or check ${title} (${bits}-bit) checksums.\n\nWith no FILE, or when FILE is -, read standard input.`,
    flags: {
      binary: { short: "b", long: "binary", help: "read in binary mode" },
      check: { short: "c", long: "check", help: "read checksums from the FILEs and check them" },
      ignore: { long: "ignore-missing", help: "don't fail or report status for missing files" },
      quiet: { long: "quiet", help: "don't print OK for each successfully verified file" },
      status: { long: "status", help: "don't output anything, status code shows success" },
      strict: { long: "strict", help: "exit non-zero for improperly formatted checksum lines" },
      tag: { long: "tag", help: "create a BSD-style checksum" },
      text: { short: "t", long: "text", help: "read in text mode (default)" },
      warn: { short: "w", long: "warn", help: "warn about improperly formatted checksum lines" },
      zero: {
        short: "z",
        long: "zero",
        help: "end each output line with NUL, not newline, and disable file name escaping",
      },
    },
    async run(call) {
      if (call.has("check")) return check(call, algorithm, title, bits);
      for (const [flag, words] of [
        ["ignore", "ignore-missing"],
        ["quiet", "quiet"],
        ["status", "status"],
        ["strict", "strict"],
        ["warn", "warn"],
      ] as const)
        if (call.has(flag)) return call.usage(`the --${words} option is meaningful only when verifying checksums`);
      for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
        const digest = await digestOf(call, operand, algorithm);
        if (digest instanceof Errno) await call.warn(`${quoteIfNeeded(operand)}: ${digest.message}`);
        else await call.out.print(row(call, digest, operand, title));
      }
      return call.status;
    },
  });
}

function row(call: Call<string>, digest: string, name: string, title: string): string {
  const zero = call.has("zero");
  const escaped = !zero && /[\\\n\r]/.test(name);
  const shown = escaped ? name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r") : name;
  const end = zero ? "\0" : "\n";
  if (call.has("tag")) return `${escaped ? "\\" : ""}${title} (${shown}) = ${digest}${end}`;
  const mark = call.options.lastOf("binary", "text") === "binary" ? "*" : " ";
  return `${escaped ? "\\" : ""}${digest} ${mark}${shown}${end}`;
}

async function digestOf(call: Call<string>, name: string, algorithm: string): Promise<string | Errno> {
  const file = openOperand(call.process, name);
  if (file instanceof Errno) return file;
  const hash = createHash(algorithm);
  try {
    for await (const chunk of chunks(call.process, file, call.out)) hash.update(toUint8Array(chunk));
  } catch (error) {
    if (error instanceof Errno) return error;
    throw error;
  } finally {
    if (name !== "-") closeOperand(call.process, file);
  }
  return hash.digest("hex");
}

async function check(call: Call<string>, algorithm: string, title: string, bits: number): Promise<number> {
  if (call.has("tag")) return call.usage("the --tag option is meaningless when verifying checksums");
  const digits = bits / 4;
  const plain = new RegExp(`^\\s*\\\\?([0-9a-fA-F]{${digits}}) [ *](.+)$`);
  const tagged = new RegExp(`^\\s*\\\\?${title} \\((.+)\\) = ([0-9a-fA-F]{${digits}})$`);
  const quiet = call.has("quiet") || call.has("status");
  let failed = false;
  for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
    const shown = operand === "-" ? "'standard input'" : quoteIfNeeded(operand);
    const list = openOperand(call.process, operand);
    if (list instanceof Errno) {
      await call.warn(`${shown}: ${list.message}`);
      continue;
    }
    let [matched, bad, wrong, unread] = [0, 0, 0, 0];
    let content: string;
    try {
      content = await readWhole(call.process, list, call.out);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await call.warn(`${shown}: read error`);
      continue;
    }
    const lines = splitLines(content);
    let proper = 0;
    for (const [at, bytes] of lines.entries()) {
      const line = decode(bytes);
      if (line.startsWith("#") || line === "") continue;
      const tag = tagged.exec(line);
      const match = tag ? [line, tag[2]!, tag[1]!] : plain.exec(line);
      if (!match) {
        bad++;
        if (call.has("warn")) await call.say(`${shown}: ${at + 1}: improperly formatted ${title} checksum line`);
        continue;
      }
      proper++;
      const name = line.startsWith("\\") ? match[2]!.replaceAll("\\n", "\n").replaceAll("\\\\", "\\") : match[2]!;
      const digest = await digestOf(call, name, algorithm);
      if (digest instanceof Errno) {
        if (call.has("ignore") && digest.code === "ENOENT") continue;
        unread++;
        await call.say(`${quoteIfNeeded(name)}: ${digest.message}`);
        if (!call.has("status")) await call.out.print(`${quoteIfNeeded(name)}: FAILED open or read\n`);
        continue;
      }
      const same = digest === match[1]!.toLowerCase();
      if (same) matched++;
      else wrong++;
      if (same ? !quiet : !call.has("status"))
        await call.out.print(`${quoteIfNeeded(name)}: ${same ? "OK" : "FAILED"}\n`);
    }
    await call.out.flush();
    if (operand !== "-") closeOperand(call.process, list);
    if (proper === 0) {
      await call.warn(`${shown}: no properly formatted checksum lines found`);
      continue;
    }
    const many = (count: number, one: string, several: string): string =>
      `WARNING: ${count} ${count === 1 ? one : several}`;
    if (!call.has("status")) {
      if (bad > 0) await call.say(many(bad, "line is improperly formatted", "lines are improperly formatted"));
      if (unread > 0) await call.say(many(unread, "listed file could not be read", "listed files could not be read"));
      if (wrong > 0) await call.say(many(wrong, "computed checksum did NOT match", "computed checksums did NOT match"));
      if (call.has("ignore") && matched === 0) await call.say(`${shown}: no file was verified`);
    }
    if (wrong > 0 || unread > 0 || (call.has("strict") && bad > 0) || (call.has("ignore") && matched === 0))
      failed = true;
  }
  return failed ? 1 : call.status;
}
