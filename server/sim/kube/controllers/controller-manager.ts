import { BootstrapSigner } from "./bootstrapsigner/index.ts";
import { ClusterRoleAggregationController } from "./clusterrole-aggregation/index.ts";
import { CsrApprovingController } from "./certificates/approving.ts";
import { CsrCleanerController } from "./certificates/cleaner.ts";
import { CsrSigningController } from "./certificates/signing.ts";
import { ControllerContext, type ControllerManagerOptions, type Runnable } from "./context.ts";
import { ensureControllerAccounts } from "./controller-accounts.ts";
import { CronJobController } from "./cronjob/index.ts";
import { DaemonSetController } from "./daemonset/index.ts";
import { DeploymentController } from "./deployment/index.ts";
import { DisruptionController } from "./disruption/index.ts";
import { EndpointsController } from "./endpoints/index.ts";
import { EndpointSliceController } from "./endpointslice/index.ts";
import { EndpointSliceMirroringController } from "./endpointslicemirroring/index.ts";
import { GarbageCollector } from "./garbagecollector/index.ts";
import { HorizontalPodAutoscalerController } from "./horizontalpodautoscaler/index.ts";
import { JobController } from "./job/index.ts";
import { NamespaceController } from "./namespace/index.ts";
import { NodeIpamController } from "./nodeipam/index.ts";
import { NodeLifecycleController } from "./nodelifecycle/index.ts";
import { PersistentVolumeController } from "./persistentvolume/index.ts";
import { PersistentVolumeExpander } from "./persistentvolume-expander/index.ts";
import { PodGarbageCollector } from "./podgc/index.ts";
import { PersistentVolumeClaimProtection } from "./pvcprotection/index.ts";
import { PersistentVolumeProtection } from "./pvprotection/index.ts";
import { ReplicaSetController } from "./replicaset/index.ts";
import { ResourceQuotaController } from "./resourcequota/index.ts";
import { RootCaCertPublisher } from "./root-ca-cert-publisher/index.ts";
import { ServiceAccountController } from "./serviceaccount/index.ts";
import { TokensController } from "./serviceaccount-token/index.ts";
import { ServiceCidrController } from "./servicecidrs/index.ts";
import { ReplicationControllerController } from "./replicationcontroller/index.ts";
import { StatefulSetController } from "./statefulset/index.ts";
import { TaintEvictionController } from "./tainteviction/index.ts";
import { TtlAfterFinishedController } from "./ttl-after-finished/index.ts";
import { TtlController } from "./ttl/index.ts";
import { TokenCleaner } from "./tokencleaner/index.ts";
import { ValidatingAdmissionPolicyStatus } from "./validatingadmissionpolicystatus/index.ts";

/** Every loop, in the order in which they start; `--controllers` decides while they run which of them do. */
const CONTROLLERS: readonly (new (context: ControllerContext) => { readonly loop: Runnable })[] = [
  TokensController,
  ServiceAccountController,
  RootCaCertPublisher,
  NamespaceController,
  NodeIpamController,
  NodeLifecycleController,
  TaintEvictionController,
  TtlController,
  ClusterRoleAggregationController,
  DeploymentController,
  ReplicaSetController,
  DaemonSetController,
  StatefulSetController,
  JobController,
  CronJobController,
  TtlAfterFinishedController,
  ReplicationControllerController,
  DisruptionController,
  HorizontalPodAutoscalerController,
  EndpointsController,
  EndpointSliceController,
  EndpointSliceMirroringController,
  ServiceCidrController,
  ResourceQuotaController,
  CsrSigningController,
  CsrApprovingController,
  CsrCleanerController,
  BootstrapSigner,
  TokenCleaner,
  PersistentVolumeController,
  PersistentVolumeExpander,
  PersistentVolumeClaimProtection,
  PersistentVolumeProtection,
  PodGarbageCollector,
  ValidatingAdmissionPolicyStatus,
  GarbageCollector,
];

interface Made {
  readonly context: ControllerContext;
  readonly loops: readonly Runnable[];
}

/**
 * The loops of one kube-controller-manager over an API server. It is made anew after every restore and fork, and its loops
 * only when there is something for them to hear or do: most sessions are idle. `start` is for when its process starts.
 */
export class ControllerManager {
  readonly #options: ControllerManagerOptions;
  /** Among the listeners of the store. */
  readonly #place: number;
  readonly #silence: () => void;
  #made: Made | undefined;
  #stopped = false;

  constructor(options: ControllerManagerOptions) {
    this.#options = options;
    const make = (): void => void (this.#stopped || this.#make());
    this.#place = options.api.store.listenLater(make);
    options.api.kernel.handleLater(make);
    this.#silence = options.heartbeats.listen(make);
  }

  /** The process has started: it remembers nothing, and looks at everything once. */
  start(): void {
    const { context, loops } = this.#make();
    context.started();
    if (context.settings.serviceAccountCredentials) ensureControllerAccounts(context.managerClient());
    for (const loop of loops) loop.start();
  }

  /** Lets go of the server. The loops must not be used any more. */
  stop(): void {
    this.#stopped = true;
    this.#silence();
    for (const loop of this.#made?.loops ?? []) loop.stop();
  }

  #make(): Made {
    if (!this.#made) {
      this.#silence();
      const context = new ControllerContext(this.#options, this.#place);
      this.#made = { context, loops: CONTROLLERS.map((controller) => new controller(context).loop) };
    }
    return this.#made;
  }
}
