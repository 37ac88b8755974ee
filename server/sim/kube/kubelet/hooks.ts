import { SECOND } from "../../kernel/index.ts";
import type { Handler, Pod } from "../api/index.ts";
import type { Done, Outcome } from "./cri/api.ts";
import { execSync } from "./cri/container/exec.ts";
import type { Kubelet } from "./kubelet.ts";
import { podAddress } from "./probes/target.ts";
import { httpAction } from "./probes/http.ts";
import { containerSpec } from "./pods/containers.ts";
import { formatPod } from "./pods/row.ts";

/**
 * Runs a lifecycle hook of a container (pkg/kubelet/lifecycle/handlers.go). Answers like the runtime: with `{}`, or with the
 * error. `grace`: seconds after which nobody waits any more; 0 for ever.
 */
export function runHook(
  kubelet: Kubelet,
  pod: Pod,
  name: string,
  id: string,
  hook: Handler,
  done: Done,
  grace = 0,
): void {
  const answer = (outcome: object, after = 0): void =>
    void kubelet.kernel.after(after, done.kind, { ...done.args, outcome });
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    return execSync(kubelet.runtime, id, command, grace, done);
  }
  if (hook.sleep)
    return answer({ ok: {} }, Math.min(hook.sleep.seconds, grace > 0 ? grace : hook.sleep.seconds) * SECOND);
  if (hook.httpGet) {
    const container = containerSpec(pod, name);
    const result = container
      ? httpAction(kubelet, hook.httpGet, podAddress(kubelet, pod), container, "kubelet-lifecycle-handler/1.33")
      : { error: "no container" };
    return answer("error" in result ? { error: result.error } : { ok: {} });
  }
  answer({ error: "cannot run handler: invalid handler" });
}

/** What the kubelet says of a hook that failed; undefined if it did not. A command that ends with another code than 0 has failed. */
export function hookFailure(pod: Pod, name: string, hook: Handler, outcome: Outcome): string | undefined {
  const where = `for Container ${JSON.stringify(name)} in Pod ${JSON.stringify(formatPod(pod))} failed - error:`;
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    const head = `Exec lifecycle hook ([${command.join(" ")}]) ${where}`;
    if ("error" in outcome) return `${head} ${outcome.error}, message: ""`;
    const {
      exitCode = 0,
      stdout = "",
      stderr = "",
    } = outcome.ok as { exitCode?: number; stdout?: string; stderr?: string };
    if (exitCode === 0) return undefined;
    const error = `command '${command.join(" ")}' exited with ${exitCode}: ${stderr}`;
    return `${head} ${error}, message: ${JSON.stringify(stdout + stderr)}`;
  }
  if (!("error" in outcome)) return undefined;
  return hook.httpGet ? `HTTP lifecycle hook (${hook.httpGet.path ?? ""}) ${where} ${outcome.error}` : outcome.error;
}
