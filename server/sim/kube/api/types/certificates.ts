import type { KubeObject, TimeText } from "./meta.ts";

export interface RequestCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: TimeText | null;
  readonly lastTransitionTime?: TimeText | null;
}

/** certificates.k8s.io/v1 */
export interface CertificateSigningRequest extends KubeObject {
  readonly spec: {
    /** PEM in base64. */
    readonly request: string | null;
    readonly signerName: string;
    readonly expirationSeconds?: number;
    readonly usages?: readonly string[];
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly status: {
    readonly conditions?: readonly RequestCondition[];
    /** PEM in base64. */
    readonly certificate?: string;
  };
}
