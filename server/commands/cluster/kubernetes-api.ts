import type { IncomingMessage, ServerResponse } from "node:http";
import { parseTarget, type ApiRequest, type ApiResponse, type UserInfo } from "../../sim/kube/api/index.ts";
import type { Cluster } from "../../sim/kube/cluster/cluster.ts";

const ADMIN: UserInfo = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };
const BODY_LIMIT = 3 * 1024 * 1024;

/** What the API of a simulated cluster needs of its surroundings. */
export interface ApiSurroundings {
  readonly cluster: Cluster;
  /** Lets the world catch up with the real time. */
  catchUp(): Promise<void>;
}

/** Answers one HTTP request to the Kubernetes API of a cluster, as its administrator: JSON bodies, watches, followed logs. */
export async function serveKubernetesApi(
  { cluster, catchUp }: ApiSurroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Protobuf is bytes, one a character; what else comes is text.
  const isProtobuf = request.headers["content-type"]?.startsWith("application/vnd.kubernetes.protobuf") ?? false;
  const body = await readBody(request, BODY_LIMIT, isProtobuf ? "latin1" : "utf8");
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  let asked: ApiRequest = {
    ...parseTarget(request.method ?? "GET", request.url ?? "/"),
    accept: request.headers.accept ?? "",
    contentType: request.headers["content-type"] ?? "",
    userAgent: request.headers["user-agent"] ?? "",
    user: ADMIN,
    body: body === "" ? undefined : body,
  };
  for (;;) {
    await catchUp();
    const answer = cluster.api.handle(asked);
    await catchUp();
    if (answer.kind !== "pending") return send(request.url ?? "/", answer, response);
    await new Promise((resolve) => setTimeout(resolve, answer.after / 1000));
    asked = answer.request;
  }
}

/** The body as text; undefined if it is longer than `limit` bytes. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  encoding: "utf8" | "latin1" = "utf8",
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString(encoding);
}

function send(url: string, answer: Exclude<ApiResponse, { kind: "pending" }>, response: ServerResponse): void {
  switch (answer.kind) {
    case "object":
      for (const warning of answer.warnings) response.appendHeader("warning", `299 - ${JSON.stringify(warning)}`);
      response.writeHead(answer.code, { "content-type": answer.mediaType });
      // The real server ends its answers with a line feed, except /version, which it indents.
      response.end(url === "/version" ? JSON.stringify(answer.object, null, 2) : `${JSON.stringify(answer.object)}\n`);
      return;
    case "text":
      response.writeHead(answer.code, { "content-type": answer.mediaType });
      response.end(answer.text);
      return;
    case "watch":
      for (const warning of answer.warnings) response.appendHeader("warning", `299 - ${JSON.stringify(warning)}`);
      response.writeHead(200, { "content-type": answer.mediaType });
      response.flushHeaders();
      answer.watch.start(
        (event) => void response.write(`${JSON.stringify(event)}\n`),
        () => void response.end(),
      );
      response.on("close", () => answer.watch.stop());
      return;
    case "bytes":
      response.writeHead(200, { "content-type": answer.mediaType });
      response.flushHeaders();
      answer.stream.start(
        (bytes) => void response.write(Buffer.from(bytes, "latin1")),
        () => void response.end(),
      );
      response.on("close", () => answer.stream.stop());
      return;
    case "upgrade":
      response.writeHead(501, { "content-type": "text/plain" });
      response.end("drydock: exec, attach and port-forward over HTTP are not simulated yet\n");
  }
}
