import { expect, test } from "vitest";
import { endpointChain, isServiceChain, portHash } from "./chain-names.ts";

test("names of chains are those that clusters have", () => {
  expect(portHash("default/kubernetes:https", "tcp")).toBe("NPX46M4PTMTKRN6Y");
  expect(portHash("kube-system/kube-dns:dns", "udp")).toBe("TCOU7JCQXEZGVUNU");
  expect(portHash("kube-system/kube-dns:dns-tcp", "tcp")).toBe("ERIFXISQEP7F7OF4");
  expect(portHash("ns1/svc1:p80", "tcp")).toBe("XPGD46QRK7WJZT7O");
  expect(endpointChain("ns1/svc1:p80", "tcp", "10.180.0.1:80")).toBe("KUBE-SEP-SXIVWICOYRO3J4NJ");
  expect(endpointChain("default/web", "tcp", "10.244.0.2:80")).toBe("KUBE-SEP-NRFUO7XKMWLPJJAE");
});

test("only chains of services are taken away when nobody needs them", () => {
  expect(["KUBE-SVC-A", "KUBE-SVL-A", "KUBE-SEP-A", "KUBE-FW-A", "KUBE-EXT-A"].every(isServiceChain)).toBe(true);
  expect(["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-FORWARD", "KUBE-MARK-MASQ", "MY-SVC-A"].some(isServiceChain)).toBe(
    false,
  );
});
