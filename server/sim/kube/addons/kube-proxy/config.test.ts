import { expect, test } from "vitest";
import { HOUR, SECOND } from "../../../kernel/index.ts";
import { readConfig, withDefaults } from "./config.ts";
import { localDetector, nodePortAddresses } from "./platform.ts";
import { oneIn } from "./rule.ts";
import { validateConfig } from "./validation.ts";

const HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

test("what a file leaves open has the real defaults", () => {
  expect(readConfig(HEAD)).toEqual({
    unknown: [],
    config: {
      mode: "iptables",
      modeDefaulted: true,
      kubeconfig: "",
      hostnameOverride: "",
      bindAddress: "0.0.0.0",
      bindAddressHardFail: false,
      metricsBindAddress: "127.0.0.1:10249",
      healthzBindAddress: "0.0.0.0:10256",
      detectLocalMode: "ClusterCIDR",
      clusterCIDRs: [],
      bridgeInterface: "",
      interfaceNamePrefix: "",
      nodePortAddresses: [],
      localhostNodePorts: true,
      ipvs: {
        scheduler: "",
        excludeCIDRs: [],
        strictARP: false,
        tcpTimeout: 0,
        tcpFinTimeout: 0,
        udpTimeout: 0,
      },
      masqueradeAll: false,
      masqueradeBit: 14,
      syncPeriod: 30 * SECOND,
      minSyncPeriod: SECOND,
      conntrack: {
        maxPerCore: 32768,
        min: 131072,
        tcpBeLiberal: false,
        tcpEstablishedTimeout: 24 * HOUR,
        tcpCloseWaitTimeout: HOUR,
        udpTimeout: 0,
        udpStreamTimeout: 0,
      },
      verbosity: 0,
    },
  });
});

test("addresses get the ports that they lack", () => {
  const config = withDefaults({ metricsBindAddress: "0.0.0.0", healthzBindAddress: "10.0.0.1:99", bindAddress: "::" });
  expect(config.metricsBindAddress).toBe("0.0.0.0:10249");
  expect(config.healthzBindAddress).toBe("10.0.0.1:99");
  expect(withDefaults({ bindAddress: "::" }).healthzBindAddress).toBe("[::]:10256");
});

const wrong: [Record<string, unknown>, string][] = [
  [{ bindAddress: "foo" }, 'KubeProxyConfiguration.BindAddress: Invalid value: "foo": not a valid textual representation of an IP address'],
  [{ metricsBindAddress: "127.0.0.1:foo" }, 'KubeProxyConfiguration.MetricsBindAddress: Invalid value: "foo": must be a valid port'],
  [{ nodePortAddresses: ["primary", "10.0.0.0/8"] }, 'KubeProxyConfiguration.NodePortAddresses[0]: Invalid value: "primary": can\'t use both \'primary\' and CIDRs'],
  [{ nodePortAddresses: ["10.0.0.1"] }, 'KubeProxyConfiguration.NodePortAddresses[0]: Invalid value: "10.0.0.1": must be a valid CIDR'],
  [{ detectLocalMode: "Foo" }, 'KubeProxyConfiguration.DetectLocalMode: Unsupported value: "Foo": supported values: "BridgeInterface", "ClusterCIDR", "InterfaceNamePrefix", "NodeCIDR", ""'],
  [{ detectLocalMode: "BridgeInterface" }, 'KubeProxyConfiguration.DetectLocalConfiguration.InterfaceName: Invalid value: "": must not be empty'],
  [{ iptables: { masqueradeBit: 32 } }, "KubeProxyConfiguration.KubeProxyIPTablesConfiguration.MasqueradeBit: Invalid value: 32: must be within the range [0, 31]"],
]; // prettier-ignore

test.each(wrong)("%j is refused", (object, error) => {
  expect(validateConfig(withDefaults(object))).toBe(error);
});

test("local traffic is told by what the mode says", () => {
  const head = (object: Record<string, unknown>, podCIDRs: string[] = []) =>
    localDetector(withDefaults(object), podCIDRs);
  expect(head({})).toBeUndefined();
  expect(head({ clusterCIDR: "fd00::/48,10.244.0.0/16" })?.local).toEqual({
    source: { value: { address: "10.244.0.0", mask: "255.255.0.0" } },
  });
  expect(head({ detectLocalMode: "NodeCIDR" }, ["10.244.1.0/24"])?.notLocal).toEqual({
    source: { value: { address: "10.244.1.0", mask: "255.255.255.0" }, not: true },
  });
  expect(
    head({ detectLocalMode: "InterfaceNamePrefix", detectLocal: { interfaceNamePrefix: "veth" } })?.notLocal,
  ).toEqual({
    inInterface: { value: "veth+", not: true },
  });
});

test("`primary` is the node's own address", () => {
  const config = withDefaults({ nodePortAddresses: ["primary"] });
  expect(nodePortAddresses(config, "172.30.1.2")).toEqual(["172.30.1.2/32"]);
  expect(nodePortAddresses(config, "127.0.0.1")).toEqual([]);
});

test("chances are kept as the kernel keeps them", () => {
  const shown = (count: number) => ((oneIn(count).options["probability"] as number) / 2 ** 31).toFixed(11);
  expect([2, 3, 4, 5, 6].map(shown)).toEqual([
    "0.50000000000",
    "0.33333333349",
    "0.25000000000",
    "0.20000000019",
    "0.16666666651",
  ]);
});
