import { attempt, Errno } from "../sim/host/index.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { parseSize } from "./gnu/size.ts";
import { tool } from "./gnu/tool.ts";

export const truncate = tool({
  name: "truncate",
  package: "coreutils",
  summary: "shrink or extend the size of a file to the specified size",
  usage: ["OPTION... FILE..."],
  about: "Shrink or extend the size of each FILE to the specified size",
  flags: {
    noCreate: { short: "c", long: "no-create", help: "do not create any files" },
    blocks: { short: "o", long: "io-blocks", help: "treat SIZE as number of IO blocks instead of bytes" },
    reference: { short: "r", long: "reference", arg: "RFILE", help: "base size on RFILE" },
    size: { short: "s", long: "size", arg: "SIZE", help: "set or adjust the file size by SIZE bytes" },
  },
  async run(call) {
    const { process, operands } = call;
    const { files } = process.host;
    const text = call.value("size");
    const reference = call.value("reference");
    if (text === undefined && reference === undefined)
      return call.usage(`you must specify either ${call.quote("--size")} or ${call.quote("--reference")}`);
    if (operands.length === 0) return call.usage("missing file operand");
    const match = /^\s*([-+<>/%]?)(.*)$/.exec(text ?? "")!;
    const count = text === undefined ? undefined : parseSize(match[2]!);
    if (text !== undefined && count === undefined)
      return call.fail(`Invalid number: ${call.quote(match[1] === "" ? text : match[2]!)}`);
    if ((match[1] === "/" || match[1] === "%") && count === 0) return call.fail("division by zero");
    if (reference !== undefined && text !== undefined && match[1] === "")
      return call.usage(`you must specify a relative ${call.quote("--size")} with ${call.quote("--reference")}`);
    let base: number | undefined;
    if (reference !== undefined) {
      const stat = attempt(() => files.stat(reference, process));
      if (stat instanceof Errno) return call.fail(`cannot stat ${shellQuote(reference)}: ${stat.message}`);
      base = stat.size;
    }
    const size = (count ?? 0) * (call.has("blocks") ? 4096 : 1);
    for (const path of operands) {
      const exists = attempt(() => files.stat(path, process));
      if (exists instanceof Errno && exists.code === "ENOENT" && call.has("noCreate")) continue;
      const old = attempt(() => (exists instanceof Errno && exists.code === "ENOENT" ? "" : files.read(path, process)));
      if (old instanceof Errno) {
        await call.warn(`cannot open ${shellQuote(path)} for writing: ${old.message}`);
        continue;
      }
      const from = base ?? old.length;
      const sizes: Record<string, number> = {
        "": text === undefined ? from : size,
        "+": from + size,
        "-": Math.max(0, from - size),
        "<": Math.min(from, size),
        ">": Math.max(from, size),
        "/": Math.floor(from / (size || 1)) * size,
        "%": Math.ceil(from / (size || 1)) * size,
      };
      const wanted = sizes[match[1]!]!;
      const write = (): void => {
        if (wanted > process.kernel.limits.fileSize) throw new Errno("EFBIG");
        files.write(
          path,
          wanted <= old.length ? old.slice(0, wanted) : old + "\0".repeat(wanted - old.length),
          {},
          process,
        );
      };
      const written = attempt(write);
      if (written instanceof Errno)
        await call.warn(
          written.code === "EFBIG"
            ? `failed to truncate ${shellQuote(path)} at ${wanted} bytes: ${written.message}`
            : `cannot open ${shellQuote(path)} for writing: ${written.message}`,
        );
    }
    return call.status;
  },
});
