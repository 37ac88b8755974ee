import { connect, hostNamespace } from "../../../net/index.ts";
import type { Container, Pod, Probe } from "../../api/index.ts";
import { dialError } from "../../access/dial-error.ts";
import type { Kubelet } from "../kubelet.ts";
import { grpcProbe } from "./grpc.ts";
import { httpAction } from "./http.ts";
import type { Steady } from "./steady.ts";
import { podAddress, portNumber } from "./target.ts";

/** How a probe went: its output is what the Event says behind `Liveness probe failed: `. `errored`: it could not be made. */
export interface Checked {
  readonly outcome: "success" | "warning" | "failure" | "errored";
  readonly output: string;
  /** What its success depends on, if that is known. */
  readonly steady?: Steady;
}

/** Makes a probe that asks over the network (prober/prober.go runProbe, pkg/probe/{http,tcp}). */
export function check(kubelet: Kubelet, pod: Pod, container: Container, probe: Probe): Checked {
  const address = podAddress(kubelet, pod);
  if (probe.httpGet) {
    const result = httpAction(kubelet, probe.httpGet, address, container, "kube-probe/1.33");
    if ("error" in result)
      return { outcome: /^(invalid port|strconv)/.test(result.error) ? "errored" : "failure", output: result.error };
    if (result.warning !== undefined) return { outcome: "warning", output: result.warning };
    if (result.status >= 200 && result.status < 400) {
      const { body: output, steady } = result;
      return { outcome: "success", output, ...(steady ? { steady } : {}) };
    }
    return { outcome: "failure", output: `HTTP probe failed with statuscode: ${result.status}` };
  }
  if (probe.tcpSocket) {
    const port = portNumber(probe.tcpSocket.port, container);
    if (typeof port !== "number") return { outcome: "errored", output: port.error };
    return dial(kubelet, probe.tcpSocket.host || address, port);
  }
  if (probe.grpc) return grpcProbe(kubelet, address, probe.grpc, probe.timeoutSeconds ?? 1);
  return { outcome: "errored", output: "missing probe handler for " + container.name };
}

function dial(kubelet: Kubelet, to: string, port: number): Checked {
  const attempt = connect(hostNamespace(kubelet.host), { to, port, pid: kubelet.running.pid, tracing: false });
  attempt.connection?.close();
  if (attempt.outcome === "connected") return { outcome: "success", output: "" };
  return { outcome: "failure", output: dialError(to, port, attempt.errno) };
}
