import type { ApiRequest, ApiResponse } from "./request.ts";

/** A version of a group that another server serves, as this one tells of it in its discovery. */
export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  /** Its APIResourceList; undefined while that server cannot be asked. */
  readonly resources: readonly RemoteResource[] | undefined;
}

export interface RemoteResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
}

/** Passes requests on to servers behind APIServices (kube-aggregator). Whoever knows the network provides it. */
export interface Aggregator {
  /** What they serve. */
  remote(): readonly RemoteVersion[];
  /** The answer to a request about a group and version of theirs; undefined if it is nobody's. */
  pass(request: ApiRequest, group: string, version: string): ApiResponse | undefined;
}
