import { MILLISECOND, SECOND, type Duration } from "../../kernel/index.ts";
import { goDuration } from "../api/index.ts";
import type { Kubelet } from "./kubelet.ts";
import { registerNode, tellStart, updateNodeStatus } from "./node/register.ts";
import { unready } from "./node/status.ts";
import { EVENTS, TICK } from "./row.ts";
import { stopOrphans } from "./sources/orphans.ts";
import { relist } from "./sources/pods.ts";

/** The node's Lease is asked for after 200 ms, twice as long each time, up to seven seconds (component-helpers lease/controller.go). */
const FIRST: Duration = 200 * MILLISECOND;
const MOST: Duration = 7 * SECOND;
/** So often it is expected that the server comes any moment. */
const HOPEFUL = 10;

/** Looks for the API server; once it is there the node and its Pods are brought up to date with it. */
export function connect(kubelet: Kubelet): void {
  const { row } = kubelet;
  if (!row || row.connected) return;
  const found = kubelet.api.find();
  if ("error" in found) return retry(kubelet, found.error);
  const first = row.cluster === undefined;
  kubelet.update({ cluster: found.cluster.name, connected: true, failures: 0 });
  const { client } = kubelet.api;
  if (!client) return;
  if (!registerNode(kubelet, client)) {
    kubelet.update({ connected: false });
    return plan(kubelet);
  }
  kubelet.update({ registered: true });
  found.cluster.heartbeats.report(row.nodeName, { alive: true });
  kubelet.sendEvents();
  if (first) tellStart(kubelet);
  updateNodeStatus(kubelet);
  relist(kubelet);
  if (!row.sourcesReady) {
    kubelet.update({ sourcesReady: true });
    stopOrphans(kubelet);
  }
}

function retry(kubelet: Kubelet, error: string): void {
  const { nodeName, failures } = kubelet.running;
  const { server } = kubelet.api;
  const delay = delayOf(failures);
  if (!kubelet.running.registered)
    kubelet.log(
      "E",
      "kubelet_node_status.go:107",
      `"Unable to register node with API server" err=${JSON.stringify(`Post "${server}/api/v1/nodes": ${error}`)} node=${JSON.stringify(nodeName)}`,
    );
  kubelet.log(
    "E",
    "controller.go:145",
    `"Failed to ensure lease exists, will retry" err=${JSON.stringify(`Get "${server}/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}?timeout=10s": ${error}`)} interval=${JSON.stringify(goDuration(delay))}`,
  );
  plan(kubelet);
}

function delayOf(failures: number): Duration {
  return Math.min(FIRST * 2 ** Math.min(failures, 10), MOST);
}

function plan(kubelet: Kubelet): void {
  const { pid, failures } = kubelet.running;
  kubelet.update({ failures: failures + 1 });
  kubelet.after(delayOf(failures), EVENTS.connect, { pid }, { periodic: failures >= HOPEFUL });
}

/** Every ten seconds: is the way still open, and is there anything to say of the node? */
export function tick(kubelet: Kubelet): void {
  const { pid, connected, nodeName } = kubelet.running;
  const why = unready(kubelet);
  if (why === "" && connected) kubelet.rest(TICK, EVENTS.tick, { pid });
  else kubelet.after(TICK, EVENTS.tick, { pid }, { periodic: true });
  if (why.startsWith("container runtime network"))
    kubelet.log(
      "E",
      "kubelet.go:3117",
      `"Container runtime network not ready" networkReady=${JSON.stringify(why.replace("container runtime network not ready: ", ""))}`,
    );
  else if (why !== "")
    kubelet.log("E", "kubelet.go:3026", `"Container runtime sanity check failed" err=${JSON.stringify(why)}`);
  if (!connected) return;
  const found = kubelet.api.find();
  if ("error" in found) {
    kubelet.update({ connected: false, failures: 0 });
    kubelet.api.cluster?.heartbeats.report(nodeName, { alive: false });
    return retry(kubelet, found.error);
  }
  updateNodeStatus(kubelet);
}
