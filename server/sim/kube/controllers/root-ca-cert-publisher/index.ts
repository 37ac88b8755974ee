import { MILLISECOND } from "../../../kernel/index.ts";
import {
  isStatus,
  objectKey,
  sameJson,
  watching,
  type Client,
  type ConfigMap,
  type ControllerLoop,
} from "../../api/index.ts";
import { configMaps, namespaces } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isNamespaceTerminating } from "../pod-control.ts";

const NAME = "kube-root-ca.crt";
const DESCRIPTION = "kubernetes.io/description";
const TEXT =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. " +
  "No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Every namespace has the certificate that its Pods know the API server by (pkg/controller/certificates/rootcacertpublisher). */
export class RootCaCertPublisher {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("root-ca-cert-publisher");
    this.loop = context.loop("root-ca-certificate-publisher-controller", this.#client, {
      name: "root-ca-cert-publisher",
      watches: [
        watching(namespaces, ({ type, object }) => (type === "DELETED" ? [] : [objectKey(object)])),
        watching(configMaps, ({ type, object: { metadata } }) =>
          type !== "ADDED" && metadata.name === NAME ? [metadata.namespace!] : [],
        ),
      ],
      reconcile: (namespace) => this.#sync(namespace),
      delay: 2 * MILLISECOND,
    });
  }

  #sync(namespace: string): void {
    const { rootCa } = this.#context.settings;
    if (rootCa === undefined || this.#client.get(namespaces, "", namespace)?.status.phase !== "Active") return;
    const data = { "ca.crt": rootCa };
    const current = this.#client.get(configMaps, namespace, NAME);
    if (current) return this.#repair(current, data);
    try {
      this.#client.create(configMaps, {
        metadata: { namespace, name: NAME, annotations: { [DESCRIPTION]: TEXT } },
        data,
      });
    } catch (error) {
      if (!isNamespaceTerminating(error) && !isStatus(error, "AlreadyExists")) throw error;
    }
  }

  #repair(current: ConfigMap, data: Record<string, string>): void {
    const { annotations } = current.metadata;
    if (sameJson(current.data, data) && annotations?.[DESCRIPTION] !== undefined) return;
    const metadata = { ...current.metadata, annotations: { ...annotations, [DESCRIPTION]: TEXT } };
    this.#client.update(configMaps, { ...current, metadata, data });
  }
}
