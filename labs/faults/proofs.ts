import { PROOFS as cni } from "./cni/proofs.ts";
import { PROOFS as controlPlane } from "./control-plane/proofs.ts";
import type { Area } from "./define-fault.ts";
import { PROOFS as dns } from "./dns/proofs.ts";
import { PROOFS as ingress } from "./ingress/proofs.ts";
import { PROOFS as kubeProxy } from "./kube-proxy/proofs.ts";
import { PROOFS as machines } from "./machines/proofs.ts";
import { PROOFS as nodes } from "./nodes/proofs.ts";
import { PROOFS as policies } from "./policies/proofs.ts";
import { PROOFS as services } from "./services/proofs.ts";
import type { FaultProof } from "./testing.ts";
import { PROOFS as workloads } from "./workloads/proofs.ts";

/** What shows that every fault of the catalogue has its symptom, and that its repair takes it away. */
export const PROOFS: Readonly<Record<Area, readonly FaultProof[]>> = {
  machines,
  nodes,
  cni,
  "kube-proxy": kubeProxy,
  dns,
  services,
  policies,
  ingress,
  workloads,
  "control-plane": controlPlane,
};
