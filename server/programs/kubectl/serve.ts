import type { Process } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import {
  parseTarget,
  queryText,
  type ApiRequest,
  type ApiServer,
  type UserInfo,
  type WatchEvent,
} from "../../sim/kube/api/index.ts";
import { QueuedStream } from "./queued-stream.ts";
import type { ApiCall, ApiReply, RemoteCommand } from "./transport.ts";

export const USER_AGENT = "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0";

/** A call as the request that its server reads. */
export function requestOf(call: ApiCall, user: UserInfo): ApiRequest {
  const { accept, contentType, body, userAgent = USER_AGENT } = call;
  return { ...parseTarget(call.method, targetOf(call)), accept, contentType, userAgent, user, body };
}

/** `/api/v1/pods?limit=500` */
export function targetOf({ path, query }: Pick<ApiCall, "path" | "query">): string {
  const search = queryText(query);
  return search === "" ? path : `${path}?${search}`;
}

/** Lets a server answer, as often as it asks to come again; streams belong to the process. */
export async function serve(process: Process, api: ApiServer, call: ApiCall, user: UserInfo): Promise<ApiReply> {
  let request = requestOf(call, user);
  for (;;) {
    const response = api.handle(request);
    switch (response.kind) {
      case "pending":
        await process.sleep(response.after);
        request = response.request;
        continue;
      case "watch": {
        const { watch, warnings } = response;
        const events = new QueuedStream<WatchEvent>(process, { deadline: call.deadline, onStop: () => watch.stop() });
        watch.start(
          (event) => events.push(event),
          () => events.end(),
        );
        return { kind: "watch", events, warnings };
      }
      case "bytes": {
        const { stream } = response;
        const chunks = new QueuedStream<Bytes>(process, { deadline: call.deadline, onStop: () => stream.stop() });
        stream.start(
          (bytes) => chunks.push(bytes),
          () => chunks.end(),
        );
        return { kind: "bytes", chunks };
      }
      case "upgrade":
        return { kind: "upgrade", connection: response.connection as RemoteCommand };
      default:
        return response;
    }
  }
}
