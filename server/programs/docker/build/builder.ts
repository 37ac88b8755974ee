import {
  commitContainer, createContainer, isRefused, removeContainer, startContainer, type ContainerSpec, type DockerContainer, type Engine,
} from "../../../sim/docker/index.ts"; // prettier-ignore
import { OpenFile, type Host, type Process } from "../../../sim/host/index.ts";
import type { ImageConfig } from "../../../sim/images/index.ts";
import { attachToContainer } from "../../../sim/kube/kubelet/index.ts";
import type { Bytes } from "../../../sim/kernel/index.ts";
import { Fatal } from "../command.ts";
import { untilExit } from "../container/wait.ts";
import { PLAIN_SPEC } from "../container/plain-spec.ts";

/** What the daemon says during a build, byte for byte. */
export type Say = (text: Bytes) => void;

export interface StepOptions {
  readonly networkMode: string;
  readonly cache: boolean;
  /** Containers go when their step is over; `force` also takes those whose step failed. */
  readonly remove: boolean;
  readonly forceRemove: boolean;
}

/** A stage as far as it is built. */
export interface Built {
  /** `sha256:…` */
  readonly id: string;
  readonly config: ImageConfig;
}

/** What the daemon does for one step: a container of the image so far, something done in it, an image of it. */
export class StepMaker {
  readonly #process: Process;
  readonly #engine: Engine;
  readonly #say: Say;
  readonly #options: StepOptions;

  constructor(process: Process, engine: Engine, say: Say, options: StepOptions) {
    this.#process = process;
    this.#engine = engine;
    this.#say = say;
    this.#options = options;
  }

  /** What an earlier build made of the same image by the same step. */
  cached(before: Built, step: string): Built | undefined {
    if (!this.#options.cache) return undefined;
    for (const row of this.#engine.runtime.builtImages.values())
      if (row.parent === before.id && row.step === step) {
        this.#say(` ---> Using cache\n ---> ${short(row.id)}\n`);
        return { id: row.id, config: row.config };
      }
    return undefined;
  }

  /** Changes files of the image, or nothing but its configuration. `told`: the builder shows the container. */
  make(
    before: Built,
    config: ImageConfig,
    step: string,
    { told, change }: { readonly told: boolean; change?: (row: DockerContainer) => void },
  ): Built {
    const row = this.#container(before, { cmd: [] });
    try {
      if (told) this.#say(` ---> Running in ${row.id.slice(0, 12)}\n`);
      change?.(row);
      if (told && this.#options.remove) this.#say(`Removing intermediate container ${row.id.slice(0, 12)}\n`);
      return this.#commit(row, config, step);
    } finally {
      removeContainer(this.#engine, row.id, { volumes: true });
    }
  }

  /** Shows an image's files. */
  look(built: Built, use: (host: Host) => void): void {
    const row = this.#container(built, { cmd: [] });
    try {
      use(this.#engine.machine.hosts.host(row.id)!);
    } finally {
      removeContainer(this.#engine, row.id, { volumes: true });
    }
  }

  /** RUN: a command in a container; its end decides. */
  async run(before: Built, words: readonly string[], env: readonly string[], step: string): Promise<Built> {
    const engine = this.#engine;
    const row = this.#container(before, { entrypoint: words.slice(0, 1), cmd: words.slice(1), env });
    this.#say(` ---> Running in ${row.id.slice(0, 12)}\n`);
    const exit = untilExit(this.#process, row.id);
    const problem = startContainer(engine, row.id);
    if (problem) {
      exit.cancel();
      this.#leave(row);
      throw new Fatal(problem.error);
    }
    await attachToContainer({ runtime: engine.runtime }, row.id).start(this.#process, {
      stdin: undefined,
      stdout: new Output(this.#say, (text) => text),
      stderr: new Output(this.#say, (text) => `\u001B[91m${text}\u001B[0m`),
      tty: false,
    });
    const code = await exit.code();
    if (code !== 0) {
      this.#leave(row);
      throw new Fatal(`The command '${words.join(" ")}' returned a non-zero code: ${code}`, code);
    }
    if (this.#options.remove) this.#say(`Removing intermediate container ${row.id.slice(0, 12)}\n`);
    const built = this.#commit(row, before.config, step);
    if (this.#options.remove) removeContainer(engine, row.id, { volumes: true });
    return built;
  }

  #leave(row: DockerContainer): void {
    if (this.#options.forceRemove) removeContainer(this.#engine, row.id, { volumes: true });
  }

  #container(before: Built, spec: Partial<ContainerSpec>): DockerContainer {
    const { networkMode } = this.#options;
    const row = createContainer(this.#engine, { ...PLAIN_SPEC, image: before.id, networkMode, ...spec }, undefined);
    if (isRefused(row)) throw new Fatal(row.error);
    return row;
  }

  #commit(row: DockerContainer, config: ImageConfig, step: string): Built {
    const { id } = commitContainer(this.#engine, row, { config, step });
    this.#say(` ---> ${short(id)}\n`);
    return { id, config };
  }
}

export function short(id: string): string {
  return id.replace("sha256:", "").slice(0, 12);
}

/** Where a container's output goes during a build. */
class Output extends OpenFile {
  readonly name = "pipe:[1]";
  readonly #say: Say;
  readonly #dress: (text: Bytes) => Bytes;

  constructor(say: Say, dress: (text: Bytes) => Bytes) {
    super();
    this.#say = say;
    this.#dress = dress;
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    this.#say(this.#dress(data));
  }
}
