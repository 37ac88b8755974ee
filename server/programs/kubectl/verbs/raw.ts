import { parseQuery } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import type { Failure, Json } from "../output/index.ts";
import { readFile, readStdin } from "../resource/sources.ts";
import { bodyText, rawPathError } from "./get/raw.ts";

interface RawFlags {
  readonly raw: string;
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly output: string;
}

/** What is wrong with `--raw` beside other flags. `create` and `replace` need a file, `delete` may have one. */
export function rawProblem(flags: RawFlags, file: "required" | "optional"): Failure | undefined {
  const [first = "", ...more] = flags.filename;
  if (more.length > 0 || (first === "" && file === "required"))
    return { error: "--raw can only use a single local file or stdin" };
  if (/^https?:\/\//.test(first)) return { error: "--raw cannot read from a url" };
  if (flags.recursive) return { error: "--raw and --recursive are mutually exclusive" };
  return undefined;
}

/** What is wrong with the path itself, and with `-o` beside it. */
export function rawPathProblem({ raw, output }: RawFlags): Failure | undefined {
  if (output !== "") return { error: "--raw and --output are mutually exclusive" };
  const error = rawPathError(raw);
  return error === undefined ? undefined : { error: `--raw must be a valid URL path: ${error}` };
}

/** Sends a file as it is to a path, and prints what the server answers (kubectl pkg/rawhttp/raw.go). */
export async function sendRaw(factory: Factory, method: "POST" | "PUT" | "DELETE", flags: RawFlags): Promise<void> {
  const { process } = factory;
  const [file] = flags.filename;
  const body = file === undefined ? undefined : file === "-" ? await readStdin(process) : readFile(process, file);
  const client = await factory.client();
  const mark = flags.raw.indexOf("?");
  const reply = await client.reply({
    method,
    path: mark < 0 ? flags.raw : flags.raw.slice(0, mark),
    query: mark < 0 ? {} : parseQuery(flags.raw.slice(mark + 1)),
    ...(body === undefined ? {} : { body }),
  });
  if (reply.kind === "text") await process.print(reply.text);
  else await process.print(bodyText(flags.raw, reply.object as Json));
}
