import { parseQuery } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { encodeJson, quote, type Json } from "../../output/index.ts";

/** Why a path cannot be asked for (Go's url.ParseRequestURI). */
export function rawPathError(path: string): string | undefined {
  if (path.startsWith("/") || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(path)) return undefined;
  return `parse ${quote(path)}: invalid URI for request`;
}

/** Prints what the server answers, as it is (kubectl pkg/rawhttp/raw.go). */
export async function getRaw(factory: Factory, path: string): Promise<void> {
  const client = await factory.client();
  const mark = path.indexOf("?");
  const query = mark < 0 ? {} : parseQuery(path.slice(mark + 1));
  const reply = await client.reply({ method: "GET", path: mark < 0 ? path : path.slice(0, mark), query });
  if (reply.kind === "text") await factory.process.print(reply.text);
  else await factory.process.print(bodyText(path, reply.object as Json));
}

/** An object as the server writes it: on one line, but for /version (apiserver pkg/endpoints/handlers/responsewriters). */
export function bodyText(path: string, object: Json): string {
  if (/^\/version\/?$/.test(path)) return encodeJson(object, { keepOrder: true, indent: "  " });
  return `${encodeJson(object, { keepOrder: true })}\n`;
}
