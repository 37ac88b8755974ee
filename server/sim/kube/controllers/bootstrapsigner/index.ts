import { MILLISECOND } from "../../../kernel/index.ts";
import { sameJson, watching, type Client, type ControllerLoop } from "../../api/index.ts";
import { tokenSignature } from "../../kubeadm/index.ts";
import { configMaps, secrets } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isToken, readToken, TOKENS } from "./token.ts";

const PUBLIC = "kube-public";
const NAME = "cluster-info";
const PREFIX = "jws-kubeconfig-";

/**
 * Signs cluster-info with every token that may sign, so that who holds one can believe it
 * (pkg/controller/bootstrap/bootstrapsigner.go).
 */
export class BootstrapSigner {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("bootstrap-signer");
    this.loop = context.loop("bootstrap-signer-controller", this.#client, {
      name: "bootstrap_signer_queue",
      watches: [
        watching(configMaps, ({ object: { metadata } }) =>
          metadata.namespace === PUBLIC && metadata.name === NAME ? [NAME] : [],
        ),
        watching(secrets, ({ object }) => (isToken(object) ? [NAME] : [])),
      ],
      reconcile: () => this.#sign(),
      delay: 2 * MILLISECOND,
    });
  }

  #sign(): void {
    const current = this.#client.get(configMaps, PUBLIC, NAME);
    const kubeconfig = current?.data?.["kubeconfig"];
    if (!current || kubeconfig === undefined) return;
    const { now } = this.#context.kernel;
    const others = Object.entries(current.data ?? {}).filter(([key]) => !key.startsWith(PREFIX));
    const signatures = this.#client.list(secrets, TOKENS).flatMap((object) => {
      const token = readToken(object);
      if (!token?.signs || (token.expires ?? Infinity) <= now) return [];
      return [[`${PREFIX}${token.id}`, tokenSignature(kubeconfig, token)] as const];
    });
    const data = Object.fromEntries([...others, ...signatures]);
    if (!sameJson(current.data, data)) this.#client.update(configMaps, { ...current, data });
  }
}
