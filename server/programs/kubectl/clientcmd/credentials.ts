import type { Bytes, Time } from "../../../sim/kernel/index.ts";

/** What a request is made with. Empty is what was not given. */
export interface Credentials {
  readonly token: string;
  /** PEM texts. */
  readonly clientCertificate: Bytes;
  readonly clientKey: Bytes;
  /** Until when they are good. */
  readonly expires?: Time;
}

/** Something outside of the kubeconfig that gives credentials when a server is first asked for anything. */
export interface CredentialSource {
  /** What stands before its errors. */
  readonly prefix: string;
  /** Whether it is asked again after a server has refused what it gave. */
  readonly refreshes: boolean;
  /** Throws a GoError. */
  credentials(): Promise<Credentials>;
}
