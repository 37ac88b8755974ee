import { attempt, Errno, readAll } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { parseQuery } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";
import { encodeJson, quote, type Failure, type Json } from "../output/index.ts";
import type { ApiCall } from "../transport.ts";
import type { Factory } from "./factory.ts";

/** Why a path cannot be asked for (Go's url.ParseRequestURI). */
export function rawPathError(path: string): string | undefined {
  if (path.startsWith("/") || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(path)) return undefined;
  return `parse ${quote(path)}: invalid URI for request`;
}

/** What `--raw` does not go together with. */
export function rawProblem(
  path: string,
  flags: {
    readonly filename: readonly string[];
    readonly recursive: boolean;
    readonly output: string;
    readonly selector?: string;
  },
): Failure | undefined {
  if (flags.filename.length > 1) return { error: "--raw can only use a single local file or stdin" };
  if (/^https?:\/\//.test(flags.filename[0] ?? "")) return { error: "--raw cannot read from a url" };
  if (flags.recursive) return { error: "--raw and --recursive are mutually exclusive" };
  if (flags.selector) return { error: "--raw and --selector (-l) are mutually exclusive" };
  if (flags.output !== "") return { error: "--raw and --output are mutually exclusive" };
  const invalid = rawPathError(path);
  return invalid === undefined ? undefined : { error: `--raw must be a valid URL path: ${invalid}` };
}

/** Sends a file, if there is one, to a path and prints what the server answers, as it is (kubectl pkg/rawhttp/raw.go). */
export async function sendRaw(factory: Factory, method: ApiCall["method"], path: string, file = ""): Promise<void> {
  const body = file === "" ? undefined : await contentOf(factory, file);
  const client = await factory.client();
  const mark = path.indexOf("?");
  const query = mark < 0 ? {} : parseQuery(path.slice(mark + 1));
  const plain = mark < 0 ? path : path.slice(0, mark);
  const reply = await client.reply({ method, path: plain, query, body, contentType: "" });
  if (reply.kind === "text") await factory.process.print(reply.text);
  else await factory.process.print(bodyText(path, reply.object as Json));
}

async function contentOf({ process }: Factory, file: string): Promise<string> {
  if (file === "-")
    return decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "");
  const data = attempt(() => process.host.files.read(file, process));
  if (data instanceof Errno) throw new GoError(`open ${file}: ${data.message.toLowerCase()}`);
  return decode(data);
}

/** An object as the server writes it: on one line, but for /version (apiserver pkg/endpoints/handlers/responsewriters). */
function bodyText(path: string, object: Json): string {
  if (/^\/version\/?$/.test(path)) return encodeJson(object, { keepOrder: true, indent: "  " });
  return `${encodeJson(object, { keepOrder: true })}\n`;
}
