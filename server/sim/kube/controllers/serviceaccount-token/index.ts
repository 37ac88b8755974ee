import { MILLISECOND } from "../../../kernel/index.ts";
import {
  isNotFound,
  objectKey,
  splitKey,
  watching,
  type Client,
  type ControllerLoop,
  type KubeObject,
  type Secret,
  type ServiceAccount,
} from "../../api/index.ts";
import { secrets, serviceAccounts } from "../../kinds/index.ts";
import { readPrivateKeyPem, signJwt } from "../../pki/index.ts";
import type { ControllerContext } from "../context.ts";

const TYPE = "kubernetes.io/service-account-token";
const NAME = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";
const CLAIM = "kubernetes.io/serviceaccount/";
const INDEX = "service-account-token";

/**
 * Fills Secrets of type kubernetes.io/service-account-token with a token that does not expire, and removes those whose
 * account is gone (pkg/controller/serviceaccount/tokens_controller.go).
 */
export class TokensController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.managerClient();
    this.loop = context.loop("serviceaccount-token-controller", this.#client, {
      name: "serviceaccount-token",
      watches: [
        watching(secrets, ({ type, object }) =>
          type === "DELETED" || object.type !== TYPE ? [] : [objectKey(object)],
        ),
        watching(serviceAccounts, ({ object }) => this.#secretsOf(object).map(objectKey)),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 2 * MILLISECOND,
    });
  }

  #secretsOf({ metadata }: ServiceAccount): readonly Secret[] {
    return this.#client.indexed(secrets, INDEX, accountKeys, `${metadata.namespace!}/${metadata.name}`);
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const secret = this.#client.get(secrets, namespace, name);
    if (secret?.type !== TYPE || secret.metadata.deletionTimestamp) return;
    const { annotations = {} } = secret.metadata;
    const account = this.#client.get(serviceAccounts, namespace, annotations[NAME] ?? "");
    const uid = annotations[UID];
    if (!account || (uid !== undefined && uid !== account.metadata.uid)) return this.#remove(secret);
    this.#fill(secret, account);
  }

  #fill(secret: Secret, account: ServiceAccount): void {
    const { rootCa, signingKey } = this.#context.settings;
    const key = signingKey === undefined ? undefined : readPrivateKeyPem(signingKey);
    if (!key) return;
    const { namespace = "", name } = secret.metadata;
    const { data = {} } = secret;
    const wanted = {
      ...data,
      ...(rootCa === undefined ? {} : { "ca.crt": base64(rootCa) }),
      namespace: data["namespace"] ?? base64(namespace),
      token:
        data["token"] ??
        base64(
          signJwt(key, {
            iss: "kubernetes/serviceaccount",
            [`${CLAIM}namespace`]: namespace,
            [`${CLAIM}secret.name`]: name,
            [`${CLAIM}service-account.name`]: account.metadata.name,
            [`${CLAIM}service-account.uid`]: account.metadata.uid,
            sub: `system:serviceaccount:${namespace}:${account.metadata.name}`,
          }),
        ),
    };
    const { annotations = {} } = secret.metadata;
    const complete = Object.entries(wanted).every(([field, value]) => data[field] === value);
    if (complete && annotations[UID] === account.metadata.uid) return;
    const metadata = { ...secret.metadata, annotations: { ...annotations, [UID]: account.metadata.uid } };
    this.#client.update(secrets, { ...secret, metadata, data: wanted });
  }

  #remove({ metadata }: Secret): void {
    try {
      this.#client.delete(secrets, metadata.namespace!, metadata.name, { preconditions: { uid: metadata.uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function accountKeys(object: KubeObject): readonly string[] {
  const { type, metadata } = object as Secret;
  return type === TYPE ? [`${metadata.namespace!}/${metadata.annotations?.[NAME] ?? ""}`] : [];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
