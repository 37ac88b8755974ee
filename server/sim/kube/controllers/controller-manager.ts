import { ControllerContext, type ControllerManagerOptions, type Runnable } from "./context.ts";
import { DeploymentController } from "./deployment/index.ts";
import { EndpointSliceController } from "./endpointslice/index.ts";
import { EndpointSliceMirroringController } from "./endpointslicemirroring/index.ts";
import { EndpointsController } from "./endpoints/index.ts";
import { ReplicaSetController } from "./replicaset/index.ts";

/** Every loop; `--controllers` decides while they run which of them do. */
const CONTROLLERS: readonly (new (context: ControllerContext) => { readonly loop: Runnable })[] = [
  DeploymentController,
  ReplicaSetController,
  EndpointsController,
  EndpointSliceController,
  EndpointSliceMirroringController,
];

/**
 * The loops of one kube-controller-manager over an API server. Making it is cheap and starts nothing: it is made anew
 * after every restore and fork. `start` is for when its process starts.
 */
export class ControllerManager {
  readonly #context: ControllerContext;
  readonly #loops: readonly Runnable[];

  constructor(options: ControllerManagerOptions) {
    this.#context = new ControllerContext(options);
    this.#loops = CONTROLLERS.map((controller) => new controller(this.#context).loop);
  }

  /** The process has started: it remembers nothing, and looks at everything once. */
  start(): void {
    this.#context.started();
    for (const loop of this.#loops) loop.start();
  }

  /** Lets go of the server. The loops must not be used any more. */
  stop(): void {
    for (const loop of this.#loops) loop.stop();
  }
}
