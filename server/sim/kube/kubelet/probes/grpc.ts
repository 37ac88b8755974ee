import { connect, exchange, hostNamespace } from "../../../net/index.ts";
import { checkAnswer, checkRequest, CODES } from "../../../images/index.ts";
import type { Probe } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import type { Checked } from "./check.ts";

/**
 * Asks a server by the gRPC health checking protocol (pkg/probe/grpc/grpc.go). A connection that cannot be made, or to who speaks
 * no HTTP/2, is tried again until the time is over.
 */
export function grpcProbe(
  kubelet: Kubelet,
  host: string,
  { port, service = "" }: NonNullable<Probe["grpc"]>,
  timeout: number,
): Checked {
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const failure = (output: string): Checked => ({ outcome: "failure", output });
  const unreachable = failure(
    `timeout: failed to connect service ${JSON.stringify(address)} within ${timeout}s: context deadline exceeded`,
  );
  const { connection, outcome } = connect(hostNamespace(kubelet.host), {
    to: host,
    port,
    pid: kubelet.running.pid,
    tracing: false,
  });
  try {
    if (!connection || outcome !== "connected") return unreachable;
    const request = checkRequest(address, service, "kube-probe/1.33");
    const { bytes } = exchange(connection, request, (received) => checkAnswer(received) !== undefined, {
      tracing: false,
    });
    const answer = checkAnswer(bytes);
    if (!answer) return unreachable;
    if ("serving" in answer)
      return answer.serving === "SERVING"
        ? { outcome: "success", output: "service healthy" }
        : failure(`service unhealthy (responded with ${JSON.stringify(answer.serving)})`);
    const code = CODES[answer.code] ?? "Unknown";
    if (code === "Unimplemented")
      return failure(
        `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${answer.message}`,
      );
    if (code === "DeadlineExceeded") return failure(`timeout: health rpc did not complete within ${timeout}s`);
    return failure(`error: health rpc probe failed: rpc error: code = ${code} desc = ${answer.message}`);
  } finally {
    connection?.close();
  }
}
