import type { Bytes } from "../../sim/kernel/index.ts";
import type { ResponseHead } from "../http/response-stream.ts";
import { CurlFailure } from "./failure.ts";
import type { TransferOptions } from "./transfer.ts";

type Places = Pick<TransferOptions, "args" | "verbose" | "destination" | "headDump" | "process" | "facts">;

/** A response's head, to the trace, to `-D`, and to the output of `-i` and `-I`, there with bold names on a terminal. */
export async function showHead(places: Places, head: ResponseHead, unended = false): Promise<void> {
  const { args, verbose, destination, headDump, process, facts } = places;
  const include = args.has("include") || args.has("show-headers") || args.has("head");
  const styled = destination.isTty && !args.isOff("styled-output");
  for (const line of unended ? head.lines : [...head.lines, ""]) {
    // The empty line is told of behind what it writes (Curl_http_readwrite_headers).
    if (line !== "") await verbose.received(line);
    facts.headerSize += line.length + 2;
    await headDump?.write(process, `${line}\r\n`);
    if (include) await includeLine(places, line, styled && line !== head.lines[0]);
    if (line === "") await verbose.received("");
  }
}

async function includeLine({ destination, facts }: Places, line: Bytes, styled: boolean): Promise<void> {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const rest = `${line.slice(colon)}\r\n`;
  const shown =
    !styled || colon <= 0
      ? `${line}\r\n`
      : `\x1b[1m${name}\x1b[0m${/^location$/i.test(name) ? linked(rest, facts.effectiveUrl) : rest}`;
  if (!(await destination.put(shown))) throw new CurlFailure(23);
}

/** A redirect's target as a terminal's link (write_linked_location in src/tool_cb_hdr.c). `text` begins with `: `. */
function linked(text: Bytes, base: string): string {
  const location = text.slice(1).trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(location) ? location : new URL(location, base).href;
  if (!/^(?:https?|ftps?):/i.test(whole)) return text;
  return `:\x1b]8;;${whole}\x1b\\${text.slice(1)}\x1b]8;;\x1b\\`;
}
