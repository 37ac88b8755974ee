import type { OpenFile } from "../../../../sim/host/index.ts";
import type { Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { findOrDefaultContainer } from "../../polymorphic/pod-containers.ts";
import { stream } from "../../remote/stream.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };

/** Where the streams of a command in a container come from and go to. */
export interface ExecStreams {
  readonly stdin?: OpenFile;
  readonly stdout: OpenFile;
  readonly stderr: OpenFile;
}

/** Runs commands in a container of a pod, each as `kubectl exec` does: the pod is asked for every time. */
export class PodExec {
  readonly #factory: Factory;
  readonly #namespace: string;
  readonly #pod: string;
  readonly #container: string;

  constructor(factory: Factory, namespace: string, pod: string, container: string) {
    this.#factory = factory;
    this.#namespace = namespace;
    this.#pod = pod;
    this.#container = container;
  }

  /** Throws how it ended, if not well. That a container was chosen is told on the command's standard error. */
  async run(command: readonly string[], streams: ExecStreams): Promise<void> {
    const { process } = this.#factory;
    const helper = await this.#factory.helper();
    const place = { mapping: PODS, namespace: this.#namespace, name: this.#pod };
    const pod = (await helper.get(place)) as unknown as Pod;
    const phase = pod.status?.phase;
    if (phase === "Succeeded" || phase === "Failed")
      throw new GoError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    const container =
      this.#container === ""
        ? (await findOrDefaultContainer(process, pod, "", false, streams.stderr)).name
        : this.#container;
    await stream(this.#factory, pod, "exec", container, {
      stdin: streams.stdin !== undefined,
      raw: false,
      command,
      streams: { stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr, tty: false },
    });
  }
}
