import {
  isProblem,
  netfilterOf,
  readRule,
  TableEditor,
  type Namespace,
  type Problem,
  type RuleDraft,
  type TableName,
} from "../../net/index.ts";
import type { NetworkRow } from "../rows.ts";

/** Docker Engine 28's rules (daemon/libnetwork/drivers/bridge/internal/iptabler): as iptables is called by it, one rule a call. */
export class Firewall {
  readonly #ns: Namespace;

  constructor(ns: Namespace) {
    this.#ns = ns;
  }

  insert(table: TableName, chain: string, words: string): void {
    this.delete(table, chain, words);
    this.#edit(table, chain, words, (editor, rule) => editor.insert(chain, 1, rule));
  }

  append(table: TableName, chain: string, words: string): void {
    if (this.#has(table, chain, words)) return;
    this.#edit(table, chain, words, (editor, rule) => editor.append(chain, rule));
  }

  delete(table: TableName, chain: string, words: string): void {
    if (!this.#has(table, chain, words)) return;
    this.#edit(table, chain, words, (editor, rule) => editor.deleteRule(chain, rule));
  }

  chain(table: TableName, name: string): void {
    const editor = this.#editor(table);
    if (editor.has(name)) return;
    editor.newChain(name);
    editor.commit();
  }

  policy(table: TableName, chain: string, policy: string): void {
    const editor = this.#editor(table);
    editor.setPolicy(chain, policy);
    editor.commit();
  }

  #editor(table: TableName): TableEditor {
    const netfilter = netfilterOf(this.#ns);
    return new TableEditor(netfilter, netfilter[table]);
  }

  #rules(editor: TableEditor, table: TableName, chain: string, words: string): readonly RuleDraft[] {
    const read = readRule(words.split(" "), { table, chain, hasChain: (name) => editor.has(name) });
    return isProblem(read) ? [] : read.rules;
  }

  #has(table: TableName, chain: string, words: string): boolean {
    const editor = this.#editor(table);
    const rules = editor.has(chain) ? this.#rules(editor, table, chain, words) : [];
    return rules.length > 0 && rules.every((rule) => editor.check(chain, rule) === undefined);
  }

  #edit(
    table: TableName,
    chain: string,
    words: string,
    change: (editor: TableEditor, rule: RuleDraft) => Problem | undefined,
  ): void {
    const editor = this.#editor(table);
    for (const rule of this.#rules(editor, table, chain, words)) if (change(editor, rule)) return;
    editor.commit();
  }
}

const CHAINS = ["DOCKER", "DOCKER-FORWARD", "DOCKER-BRIDGE", "DOCKER-CT", "DOCKER-INTERNAL", "DOCKER-USER"] as const;

/** The chains of a daemon that starts (setupIPChains, setupUserChain). */
export function setUpChains(firewall: Firewall): void {
  firewall.chain("nat", "DOCKER");
  for (const chain of CHAINS) firewall.chain("filter", chain);
  firewall.append("nat", "PREROUTING", "-m addrtype --dst-type LOCAL -j DOCKER");
  firewall.append("nat", "OUTPUT", "-m addrtype --dst-type LOCAL -j DOCKER ! --dst 127.0.0.0/8");
  firewall.insert("filter", "FORWARD", "-j DOCKER-FORWARD");
  for (const chain of ["DOCKER-BRIDGE", "DOCKER-INTERNAL", "DOCKER-CT"])
    firewall.insert("filter", "DOCKER-FORWARD", `-j ${chain}`);
  firewall.insert("filter", "FORWARD", "-j DOCKER-USER");
}

/** The rules of a network, added or deleted (network.go setupIPTables). */
export function networkRules(firewall: Firewall, network: NetworkRow, enable: boolean): void {
  const { subnet, bridge, options } = network;
  const put = (how: "append" | "insert", table: TableName, chain: string, words: string): void =>
    firewall[enable ? how : "delete"](table, chain, words);
  if (network.internal) {
    put("insert", "filter", "DOCKER-INTERNAL", `-i ${bridge} ! -d ${subnet} -j DROP`);
    put("insert", "filter", "DOCKER-INTERNAL", `-o ${bridge} ! -s ${subnet} -j DROP`);
    put("append", "filter", "DOCKER-FORWARD", `-i ${bridge} -o ${bridge} -j ${icc(options) ? "ACCEPT" : "DROP"}`);
    return;
  }
  if (options["com.docker.network.bridge.enable_ip_masquerade"] !== "false")
    put("insert", "nat", "POSTROUTING", `-s ${subnet} ! -o ${bridge} -j MASQUERADE`);
  if (icc(options)) put("append", "filter", "DOCKER-FORWARD", `-i ${bridge} -j ACCEPT`);
  else {
    put("append", "filter", "DOCKER-FORWARD", `-i ${bridge} -o ${bridge} -j DROP`);
    put("append", "filter", "DOCKER-FORWARD", `-i ${bridge} ! -o ${bridge} -j ACCEPT`);
  }
  put("append", "filter", "DOCKER", `! -i ${bridge} -o ${bridge} -j DROP`);
  put("append", "filter", "DOCKER-CT", `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
  put("append", "filter", "DOCKER-BRIDGE", `-o ${bridge} -j DOCKER`);
}

function icc(options: NetworkRow["options"]): boolean {
  return options["com.docker.network.bridge.enable_icc"] !== "false";
}

/** Nobody but the network itself reaches a container's address directly (endpoint.go filterDirectAccess). */
export function endpointRules(firewall: Firewall, network: NetworkRow, address: string, enable: boolean): void {
  if (network.internal) return;
  firewall[enable ? "append" : "delete"]("raw", "PREROUTING", `-d ${address} ! -i ${network.bridge} -j DROP`);
}

export interface PublishedPort {
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
  readonly address: string;
  readonly port: number;
}

/** The rules of a published port (port.go setPerPortIptables), without hairpin: docker-proxy takes what comes over lo. */
export function portRules(firewall: Firewall, { bridge }: NetworkRow, published: PublishedPort, enable: boolean): void {
  const { protocol, hostIp, hostPort, address, port } = published;
  const to = hostIp === "" || hostIp === "0.0.0.0" ? "" : `-d ${hostIp} `;
  const put = (how: "append" | "insert", table: TableName, chain: string, words: string): void =>
    firewall[enable ? how : "delete"](table, chain, words);
  if (hostIp.startsWith("127."))
    put("append", "raw", "PREROUTING", `-p ${protocol} ${to}--dport ${hostPort} ! -i lo -j DROP`);
  put(
    "append",
    "nat",
    "DOCKER",
    `-p ${protocol} ${to}--dport ${hostPort} -j DNAT --to-destination ${address}:${port} ! -i ${bridge}`,
  );
  put(
    "insert",
    "filter",
    "DOCKER",
    `! -i ${bridge} -o ${bridge} -p ${protocol} -d ${address} --dport ${port} -j ACCEPT`,
  );
}
