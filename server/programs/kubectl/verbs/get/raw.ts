import { parseQuery } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { encodeJson, quote, type Failure, type Json } from "../../output/index.ts";
import { readFile, readStdin } from "../../resource/sources.ts";

/** Why a path cannot be asked for (Go's url.ParseRequestURI). */
export function rawPathError(path: string): string | undefined {
  if (path.startsWith("/") || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(path)) return undefined;
  return `parse ${quote(path)}: invalid URI for request`;
}

/** Prints what the server answers, as it is (kubectl pkg/rawhttp/raw.go). */
export async function getRaw(factory: Factory, path: string): Promise<void> {
  await requestRaw(factory, "GET", path);
}

/** Sends a file to a path, and prints what the server answers. */
export async function sendRaw(factory: Factory, method: "POST" | "PUT", path: string, file: string): Promise<void> {
  const { process } = factory;
  const text = file === "-" ? await readStdin(process) : await readFile(process, file);
  await requestRaw(factory, method, path, text);
}

export async function deleteRaw(factory: Factory, path: string, file: string | undefined): Promise<void> {
  const { process } = factory;
  const text = file === undefined ? undefined : file === "-" ? await readStdin(process) : await readFile(process, file);
  await requestRaw(factory, "DELETE", path, text);
}

/** What does not go together with `--raw`; some verbs must have a file. */
export function rawProblem(
  flags: {
    readonly raw: string;
    readonly filename: readonly string[];
    readonly recursive: boolean;
    readonly selector?: string;
    readonly output: string;
  },
  files: "one" | "at most one",
): Failure | undefined {
  const { filename, raw } = flags;
  if (filename.length > 1 || (files === "one" && filename.length === 0))
    return { error: "--raw can only use a single local file or stdin" };
  if (filename.some((name) => /^https?:\/\//.test(name))) return { error: "--raw cannot read from a url" };
  if (flags.recursive) return { error: "--raw and --recursive are mutually exclusive" };
  if (files === "one" && flags.selector) return { error: "--raw and --selector (-l) are mutually exclusive" };
  if (flags.output !== "") return { error: "--raw and --output are mutually exclusive" };
  const wrong = rawPathError(raw);
  return wrong === undefined ? undefined : { error: `--raw must be a valid URL path: ${wrong}` };
}

async function requestRaw(
  factory: Factory,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: string,
): Promise<void> {
  const client = await factory.client();
  const mark = path.indexOf("?");
  const query = mark < 0 ? {} : parseQuery(path.slice(mark + 1));
  const reply = await client.replyOrWatch({
    method,
    path: mark < 0 ? path : path.slice(0, mark),
    query,
    ...(body === undefined ? {} : { body }),
  });
  if (reply.kind === "watch")
    for await (const event of reply.events)
      await factory.process.print(`${encodeJson(event as unknown as Json, { keepOrder: true })}\n`);
  else if (reply.kind === "text") await factory.process.print(reply.text);
  else await factory.process.print(bodyText(path, reply.object as Json));
}

/**
 * An object as the server writes it: on one line, but for /version and where the query asks for more (apiserver
 * pkg/endpoints/handlers/responsewriters).
 */
export function bodyText(path: string, object: Json): string {
  if (/^\/version\/?(\?|$)/.test(path)) return encodeJson(object, { keepOrder: true, indent: "  " });
  const pretty = /[?&]pretty(?!=(?:0|false)(?:&|$))(?:=|&|$)/.test(path);
  return `${encodeJson(object, { keepOrder: true, ...(pretty ? { indent: "  " } : {}) })}\n`;
}
