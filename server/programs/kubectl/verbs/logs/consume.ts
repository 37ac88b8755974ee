import type { Bytes } from "../../../../sim/kernel/index.ts";
import type { Pod, Query } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";

/** What is asked of a container's log (v1.PodLogOptions). */
export interface LogOptions {
  readonly container: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly insecureSkipTLSVerifyBackend?: boolean;
  readonly sinceSeconds?: number | undefined;
  readonly sinceTime?: string | undefined;
  readonly limitBytes?: number | undefined;
  readonly tailLines?: number | undefined;
}

/** In the order in which Go encodes them; what is unset stays away. */
export function logQuery(options: LogOptions): Query {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, [String(value)]]));
}

/** Hands a log on line by line, as it comes; the last line may have no end (logs.go DefaultConsumeRequest). */
export async function consumeLog(
  factory: Factory,
  pod: Pod,
  query: Query,
  write: (line: Bytes) => void | Promise<void>,
): Promise<void> {
  const { namespace = "", name } = pod.metadata;
  const client = await factory.client();
  const chunks = await client.bytes({
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    query,
    subject: { group: "", resource: "pods", name },
  });
  let rest: Bytes = "";
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf("\n") + 1;
    if (end > 0) await write(rest + chunk.slice(0, end));
    rest = end > 0 ? chunk.slice(end) : rest + chunk;
  }
  if (rest !== "") await write(rest);
}
