import { parseReference, isInvalid } from "../../../images/index.ts";
import { MILLISECOND, type Time } from "../../../kernel/index.ts";
import type { Container } from "../../api/index.ts";
import { goDuration } from "../../api/index.ts";
import { removeContainer, createContainer } from "../cri/container/create.ts";
import { startContainer } from "../cri/container/start.ts";
import { stopContainer } from "../cri/container/stop.ts";
import { imageStatus } from "../cri/image/images.ts";
import type { Done, Outcome } from "../cri/api.ts";
import { pullEnded, queuePull } from "../images/pull-queue.ts";
import { hookFailure, runHook } from "../hooks.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { findContainer, runtimePodStatus } from "../runtime/pod-status.ts";
import { containerConfig } from "./container-config.ts";
import { containerSpec } from "./containers.ts";
import { linkLog, unlinkLog } from "./log-files.ts";
import { record } from "./record.ts";
import { formatPod, type PodActions, type PodRow, type StartWork } from "./row.ts";
import { fail, finish, working } from "./queue.ts";

/** Starts the containers of a Pod one after the other (kuberuntime_manager.go SyncPod, kuberuntime_container.go startContainer). */
export function startContainers(kubelet: Kubelet, row: PodRow, actions: PodActions, sandbox: string): void {
  next(kubelet, row, { step: "pull", token: 0, actions, sandbox, at: 0, errors: [] });
}

function next(kubelet: Kubelet, row: PodRow, work: StartWork): void {
  const step = work.actions.starts[work.at];
  if (!step) return end(kubelet, row, work);
  const container = containerSpec(row.pod, step.name);
  if (!container) return skip(kubelet, row, work);
  const waiting = crashLoop(kubelet, row, container);
  if (waiting !== undefined) return failed(kubelet, row, work, "CrashLoopBackOff", waiting);
  ensureImage(
    kubelet,
    row,
    {
      step: "pull",
      token: kubelet.token(),
      actions: work.actions,
      sandbox: work.sandbox,
      at: work.at,
      errors: work.errors,
    },
    container,
  );
}

function end(kubelet: Kubelet, row: PodRow, { errors }: StartWork): void {
  if (errors.length > 0) fail(kubelet, row, errors.length === 1 ? errors[0]! : `[${errors.join(", ")}]`);
  else finish(kubelet, row);
}

/** doBackOff: a container that ended a short while ago has to wait. */
function crashLoop(kubelet: Kubelet, row: PodRow, container: Container): string | undefined {
  const last = runtimePodStatus(kubelet.runtime, row.uid).containers.find(
    ({ name, state }) => name === container.name && state === "exited",
  );
  if (!last) return undefined;
  const key = `${row.uid}/${container.name}/${container.image ?? ""}`;
  if (kubelet.restarts.leftSince(key, last.finishedAt) > 0) {
    const pod = formatPod(row.pod);
    record(
      kubelet,
      row,
      "Warning",
      "BackOff",
      `Back-off restarting failed container ${container.name} in pod ${pod}`,
      container.name,
    );
    return `back-off ${goDuration(kubelet.restarts.get(key))} restarting failed container=${container.name} pod=${pod}`;
  }
  kubelet.restarts.next(key, last.finishedAt);
  return undefined;
}

/** A container could not be started: its state says why, and the worker goes on with the next one. */
function failed(kubelet: Kubelet, row: PodRow, work: StartWork, reason: string, message: string): void {
  const { name, type } = work.actions.starts[work.at]!;
  const known: PodRow = { ...row, reasons: { ...row.reasons, [name]: { reason, message } } };
  const error = `failed to "StartContainer" for ${JSON.stringify(name)} with ${reason}: ${JSON.stringify(message)}`;
  const errors = [...work.errors, error];
  // After an init container that failed no other is tried.
  const at = type === "init" ? work.actions.starts.length : work.at + 1;
  next(kubelet, known, { ...work, errors, at });
}

function skip(kubelet: Kubelet, row: PodRow, work: StartWork): void {
  next(kubelet, row, { ...work, at: work.at + 1 });
}

function doneOf(kubelet: Kubelet, row: PodRow, { token }: StartWork): Done {
  return { kind: EVENTS.done, args: { machine: kubelet.machine.name, uid: row.uid, token } };
}

// The image (images/image_manager.go EnsureImageExists)

function ensureImage(kubelet: Kubelet, row: PodRow, work: StartWork, container: Container): void {
  const { image = "", name, imagePullPolicy } = container;
  const refuse = (reason: string, message: string): void => {
    record(kubelet, row, "Warning", "Failed", `Error: ${reason}`, name);
    failed(kubelet, row, work, reason, message);
  };
  const reference = parseReference(image);
  if (isInvalid(reference)) {
    const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${reference.invalid}`;
    record(kubelet, row, "Warning", "InspectFailed", message, name);
    return refuse("InvalidImageName", message);
  }
  const present = imageStatus(kubelet.runtime, image);
  if (present && imagePullPolicy !== "Always") {
    record(
      kubelet,
      row,
      "Normal",
      "Pulled",
      `Container image ${JSON.stringify(image)} already present on machine`,
      name,
    );
    return create(kubelet, row, { ...work, image: present.id }, container);
  }
  if (imagePullPolicy === "Never") {
    const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
    record(kubelet, row, "Warning", "ErrImageNeverPull", message, name);
    return refuse("ErrImageNeverPull", message);
  }
  const key = `${row.uid}_${image}`;
  if (kubelet.pulls.leftSinceUpdate(key) > 0) {
    const message = `Back-off pulling image ${JSON.stringify(image)}`;
    record(kubelet, row, "Normal", "BackOff", message, name);
    const before = kubelet.pullErrors.get(key);
    return refuse("ImagePullBackOff", before === undefined ? message : `${message}: ${before}`);
  }
  kubelet.pullErrors.delete(key);
  record(kubelet, row, "Normal", "Pulling", `Pulling image ${JSON.stringify(image)}`, name);
  const pulling: StartWork = { ...work, step: "pull", pulledSince: kubelet.kernel.now };
  working(kubelet, row, pulling);
  queuePull(kubelet, { uid: row.uid, token: pulling.token, image });
}

function pulled(kubelet: Kubelet, row: PodRow, work: StartWork, container: Container, outcome: Outcome): void {
  const { image = "", name } = container;
  const began = pullEnded(kubelet, row.uid);
  if ("error" in outcome) {
    // A code that says nothing is not shown (cri-client remote_image.go).
    const message = outcome.error.replace(/^rpc error: code = Unknown desc = /, "");
    record(kubelet, row, "Warning", "Failed", `Failed to pull image ${JSON.stringify(image)}: ${message}`, name);
    const key = `${row.uid}_${image}`;
    kubelet.pulls.next(key, kubelet.kernel.now);
    kubelet.pullErrors.set(key, `ErrImagePull: ${message}`);
    kubelet.log(
      "E",
      "kuberuntime_image.go:42",
      `"Failed to pull image" err=${JSON.stringify(message)} image=${JSON.stringify(image)}`,
    );
    record(kubelet, row, "Warning", "Failed", "Error: ErrImagePull", name);
    return failed(kubelet, row, work, "ErrImagePull", message);
  }
  const { image: id } = outcome.ok as { image: string };
  const took = (since: Time): string =>
    goDuration(Math.floor((kubelet.kernel.now - since) / MILLISECOND) * MILLISECOND);
  const size = imageStatus(kubelet.runtime, id)?.size ?? 0;
  record(
    kubelet,
    row,
    "Normal",
    "Pulled",
    `Successfully pulled image ${JSON.stringify(image)} in ${took(began)} (${took(work.pulledSince!)} including waiting). Image size: ${size} bytes.`,
    name,
  );
  create(kubelet, row, { ...work, image: id }, container);
}

// The container

function create(kubelet: Kubelet, row: PodRow, work: StartWork, container: Container): void {
  const status = runtimePodStatus(kubelet.runtime, row.uid);
  const last = findContainer(status, container.name);
  const config = containerConfig(kubelet, row, container, work.image!, last ? last.attempt + 1 : 0);
  if ("error" in config) {
    record(kubelet, row, "Warning", "Failed", `Error: ${config.error}`, container.name);
    return failed(kubelet, row, work, config.reason, config.error);
  }
  const creating: StartWork = { ...work, step: "create" };
  working(kubelet, row, creating);
  createContainer(kubelet.runtime, work.sandbox, config.ok, doneOf(kubelet, row, creating));
}

/** The runtime has answered. */
export function containerStep(kubelet: Kubelet, row: PodRow, work: StartWork, outcome: Outcome): void {
  const container = containerSpec(row.pod, work.actions.starts[work.at]!.name);
  if (!container) return skip(kubelet, row, work);
  const { name } = container;
  switch (work.step) {
    case "pull":
      return pulled(kubelet, row, work, container, outcome);
    case "create": {
      if ("error" in outcome) {
        const message = withoutCode(outcome.error);
        record(kubelet, row, "Warning", "Failed", `Error: ${message}`, name);
        return failed(kubelet, row, work, "CreateContainerError", message);
      }
      const { id } = outcome.ok as { id: string };
      record(kubelet, row, "Normal", "Created", `Created container: ${name}`, name);
      const starting: StartWork = { ...work, step: "start", container: id };
      working(kubelet, row, starting);
      return startContainer(kubelet.runtime, id, doneOf(kubelet, row, starting));
    }
    case "start":
      return started(kubelet, row, work, container, outcome);
    case "hook":
      return hooked(kubelet, row, work, outcome);
  }
}

function started(kubelet: Kubelet, row: PodRow, work: StartWork, container: Container, outcome: Outcome): void {
  const { name } = container;
  collect(kubelet, row, name);
  if ("error" in outcome) {
    const message = withoutCode(outcome.error);
    record(kubelet, row, "Warning", "Failed", `Error: ${message}`, name);
    return failed(kubelet, row, work, "RunContainerError", message);
  }
  record(kubelet, row, "Normal", "Started", `Started container ${name}`, name);
  const config = kubelet.runtime.containers.get(work.container!);
  if (config) linkLog(kubelet, row, name, config.id, `${config.logDirectory}/${config.config.logPath}`);
  const { [name]: _, ...reasons } = row.reasons;
  const known: PodRow = { ...row, reasons };
  const hook = container.lifecycle?.postStart;
  if (!hook) return skip(kubelet, known, work);
  const hooking: StartWork = { ...work, step: "hook" };
  working(kubelet, known, hooking);
  runHook(kubelet, row.pod, name, work.container!, hook, doneOf(kubelet, known, hooking));
}

function hooked(kubelet: Kubelet, row: PodRow, work: StartWork, outcome: Outcome): void {
  const { name } = work.actions.starts[work.at]!;
  if (work.failure !== undefined) return failed(kubelet, row, work, "PostStartHookError", work.failure);
  const hook = containerSpec(row.pod, name)?.lifecycle?.postStart;
  const failure = hook && hookFailure(row.pod, name, hook, outcome);
  if (failure === undefined) return skip(kubelet, row, work);
  record(kubelet, row, "Warning", "FailedPostStartHook", "PostStartHook failed", name);
  record(kubelet, row, "Normal", "Killing", "FailedPostStartHook", name);
  const stopping: StartWork = { ...work, token: kubelet.token(), failure };
  working(kubelet, row, stopping);
  const grace = row.pod.spec.terminationGracePeriodSeconds ?? 30;
  stopContainer(kubelet.runtime, work.container!, grace, doneOf(kubelet, row, stopping));
}

/** kuberuntime_gc.go: of the containers that have ended only the last one is kept. */
function collect(kubelet: Kubelet, row: PodRow, name: string): void {
  const old = runtimePodStatus(kubelet.runtime, row.uid)
    .containers.filter((one) => one.name === name)
    .slice(2);
  for (const { id, logPath, state } of old) {
    if (state === "running") continue;
    kubelet.log("I", "scope.go:117", `"RemoveContainer" containerID=${JSON.stringify(id)}`);
    removeContainer(kubelet.runtime, id);
    kubelet.host.files.removeTree(logPath);
    unlinkLog(kubelet, row.pod, name, id);
  }
}

/** What a gRPC status says without its code. */
function withoutCode(error: string): string {
  return error.replace(/^rpc error: code = \w+ desc = /, "");
}
