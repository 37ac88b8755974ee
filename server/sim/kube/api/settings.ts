import type { Time } from "../../kernel/index.ts";
import type { AccessAttributes, AccessControl, Authorization } from "./access.ts";
import type { JsonObject } from "./json.ts";
import type { WebhookCaller } from "./webhook-call.ts";

/** What the flags of kube-apiserver decide. Asked anew for every request, so a restart with other flags counts at once. */
export interface ApiSettings {
  /** `--service-cluster-ip-range`: one range, or one of each family. */
  readonly serviceCidrs: readonly string[];
  /** `--service-node-port-range`, both ends included. */
  readonly nodePorts: { readonly from: number; readonly to: number };
  /** Admission plugins on top of those that are on by default, and default ones that are off. */
  readonly enableAdmission: readonly string[];
  readonly disableAdmission: readonly string[];
  /** The address under which the server tells clients to find it: `172.30.1.2:6443`. */
  readonly advertise: string;
  /** `--service-account-issuer`; absent where no tokens are made. */
  readonly issuer?: string;
  /** `--authorization-mode`, in order: `Node`, `RBAC`. */
  readonly authorizationModes?: readonly string[];
  /** `--anonymous-auth`. */
  readonly anonymousAuth?: boolean;
  /** `--enable-bootstrap-token-auth`. */
  readonly bootstrapTokenAuth?: boolean;
  /** `--service-account-max-token-expiration`, in seconds. */
  readonly maxTokenSeconds?: number;
  /** Makes a JSON Web Token of claims, with the key of `--service-account-signing-key-file`. */
  readonly signToken?: (claims: JsonObject) => string;
  /** Where `--service-account-jwks-uri` says that the keys are, if it does. */
  readonly jwksUri?: string;
  /** What those who verify its tokens themselves ask for at OPENID_PATHS; nothing where the issuer is no https URL. */
  readonly openId?: (path: string) => { readonly text: string; readonly mediaType: string } | undefined;
  /** Why etcd cannot be reached, as the server's answer says it; undefined while it can. */
  readonly etcdError?: () => string | undefined;
  /** The components that the server asks how they are: what is wrong with each, or nothing (`kubectl get componentstatuses`). */
  readonly components?: () => readonly { readonly name: string; readonly error?: string }[];
  /** When the holder of a Lease last renewed it; undefined if nobody tells (`kube-node-lease/node01`). */
  readonly lastRenewal?: (lease: string) => Time | undefined;
  /** Says whether a request is allowed; everything is, if nobody decides. */
  readonly authorize?: (attributes: AccessAttributes) => Authorization;
  readonly access?: AccessControl;
  /** Calls webhooks; where nobody does, they cannot be reached. */
  readonly callWebhook?: WebhookCaller;
  /** Writes a line of warning into the server's own log: `dispatcher.go:225`, and the words. */
  readonly logWarning?: (source: string, text: string) => void;
}

/** Where a server tells of the keys of its tokens (pkg/serviceaccount/openidmetadata.go). */
export const OPENID_PATHS: readonly string[] = ["/.well-known/openid-configuration", "/openid/v1/jwks"];

/** What kubeadm gives a cluster. */
export const KUBEADM_SETTINGS: ApiSettings = {
  serviceCidrs: ["10.96.0.0/12"],
  nodePorts: { from: 30_000, to: 32_767 },
  enableAdmission: ["NodeRestriction"],
  disableAdmission: [],
  advertise: "172.30.1.2:6443",
};
