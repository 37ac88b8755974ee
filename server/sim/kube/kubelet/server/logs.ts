import { parseRfc3339, SECOND, type Bytes } from "../../../kernel/index.ts";
import { flag, parameter, type ByteStream, type ContainerStatus, type Pod, type Query } from "../../api/index.ts";
import { LogRenderer, tailStart, type LogQuery } from "../cri/logs/read.ts";
import type { Kubelet } from "../kubelet.ts";

/** What of a container's log is wanted: v1.PodLogOptions. Times in microseconds. */
export interface LogOptions extends LogQuery {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
}

/** Reads the query of `GET …/pods/NAME/log`. `now` is what sinceSeconds counts from. */
export function logOptions(query: Query, container: string, now: number): LogOptions {
  const number = (name: string): number | undefined =>
    parameter(query, name) === "" ? undefined : Number(parameter(query, name));
  const [tailLines, limitBytes, seconds] = [number("tailLines"), number("limitBytes"), number("sinceSeconds")];
  const since = seconds === undefined ? parseRfc3339(parameter(query, "sinceTime")) : now - seconds * SECOND;
  const stream = parameter(query, "stream").toLowerCase();
  return {
    container,
    follow: flag(query, "follow"),
    previous: flag(query, "previous"),
    timestamps: flag(query, "timestamps"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(since === undefined ? {} : { since }),
    ...(stream === "stdout" || stream === "stderr" ? { stream } : {}),
  };
}

/** The log of a container, or why there is none, in the kubelet's words. */
export function containerLog(kubelet: Kubelet, pod: Pod, options: LogOptions): ByteStream | { readonly error: string } {
  const id = chooseContainer(pod, options);
  if (typeof id !== "string") return id;
  const row = kubelet.runtime.containers.get(id);
  const path = row && `${row.logDirectory}/${row.config.logPath}`;
  const data = path === undefined ? undefined : readLog(kubelet, path);
  if (path === undefined || data === undefined) {
    const real = `/var/log/pods/${pod.metadata.namespace ?? ""}_${pod.metadata.name}_${pod.metadata.uid}/${options.container}/0.log`;
    return {
      error: `failed to try resolving symlinks in path ${JSON.stringify(path ?? real)}: lstat ${path ?? real}: no such file or directory`,
    };
  }
  return new LogStream(kubelet, id, path, options);
}

/** The id of the container whose log is meant (kubelet_pods.go validateContainerLogStatus). */
function chooseContainer(pod: Pod, { container, previous }: LogOptions): string | { readonly error: string } {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status;
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  const status = all.find(({ name }) => name === container);
  const called = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (!status) return { error: `${called} is not available` };
  const id = previous ? status.lastState.terminated?.containerID : currentId(status);
  if (id) return id.replace("containerd://", "");
  if (previous)
    return {
      error: `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} not found`,
    };
  const { waiting, terminated } = status.state;
  if (terminated || status.lastState.terminated) return { error: `${called} is terminated` };
  if (!waiting) return { error: `${called} is waiting to start - no logs yet` };
  const { reason = "" } = waiting;
  const why =
    reason === "ErrImagePull"
      ? "image can't be pulled"
      : reason === "ImagePullBackOff"
        ? "trying and failing to pull image"
        : reason;
  return { error: `${called} is waiting to start: ${why}` };
}

function currentId({ state, lastState, containerID }: ContainerStatus): string | undefined {
  if (state.running) return containerID;
  return state.terminated?.containerID || lastState.terminated?.containerID;
}

function readLog(kubelet: Kubelet, path: string): Bytes | undefined {
  const { host } = kubelet;
  return host.files.exists(path) ? host.files.read(path) : undefined;
}

/** What a log has now and, if it is followed, what comes until its container ends. */
class LogStream implements ByteStream {
  readonly #kubelet: Kubelet;
  readonly #id: string;
  readonly #path: string;
  readonly #options: LogOptions;
  readonly #renderer: LogRenderer;
  #undo: (() => void) | undefined;
  #offset = 0;

  constructor(kubelet: Kubelet, id: string, path: string, options: LogOptions) {
    this.#kubelet = kubelet;
    this.#id = id;
    this.#path = path;
    this.#options = options;
    this.#renderer = new LogRenderer(options);
  }

  start(onData: (bytes: Bytes) => void, onEnd: () => void): void {
    const { tailLines, follow } = this.#options;
    const data = readLog(this.#kubelet, this.#path) ?? "";
    if (tailLines !== undefined) this.#offset = tailStart(data, tailLines);
    this.#take(data, onData);
    if (!follow || this.#over) return onEnd();
    this.#undo = this.#kubelet.runtime.followLog(this.#id, () => {
      this.#take(readLog(this.#kubelet, this.#path) ?? "", onData);
      if (!this.#over) return;
      this.stop();
      onEnd();
    });
  }

  /** The container has ended, or as much was said as was asked for. */
  get #over(): boolean {
    return this.#renderer.full || this.#kubelet.runtime.containers.get(this.#id)?.state !== "running";
  }

  #take(data: Bytes, onData: (bytes: Bytes) => void): void {
    // A log that got too long has lost its beginning.
    if (data.length < this.#offset) this.#offset = data.length;
    const text = this.#renderer.render(data.slice(this.#offset));
    this.#offset = data.length;
    if (text !== "") onData(text);
  }

  stop(): void {
    this.#undo?.();
    this.#undo = undefined;
  }
}
