import { cluster, clusterPod, listen } from "./server/sim/net/testing.ts";
import { ping } from "./server/sim/net/transport/ping.ts";
import { connect } from "./server/sim/net/transport/connect.ts";
import { httpExchange } from "./server/sim/net/http/client.ts";
import { restoreRules, saveRules } from "./server/sim/net/netfilter/save.ts";
import fs from "node:fs";
const time = (name: string, n: number, f: () => void) => { for (let i = 0; i < n / 5; i++) f(); const t = process.hrtime.bigint(); for (let i = 0; i < n; i++) f(); const us = Number(process.hrtime.bigint() - t) / 1000 / n; console.log(name.padEnd(40), us.toFixed(2), "us"); };
const w = cluster();
const a = clusterPod(w, 0, "a", 2), b = clusterPod(w, 0, "b", 3), c = clusterPod(w, 1, "c", 4);
let id = 1;
time("ping cross-node, no rules (round trip)", 5000, () => ping(a, { to: "10.244.1.4", id: id, seq: 1 }));
const rules = fs.readFileSync("/work/shared/golden/lib/kube-proxy.rules", "utf8");
for (const n of w.nodes) restoreRules(n, rules);
time("ping cross-node, kube rules, same flow", 5000, () => ping(a, { to: "10.244.1.4", id: id, seq: 1 }));
time("ping cross-node, kube rules, no trace", 5000, () => ping(a, { to: "10.244.1.4", id: id, seq: 1, tracing: false }));
time("ping cross-node, kube rules, new flow", 5000, () => ping(a, { to: "10.244.1.4", id: id++ & 0xffff, seq: 1 }));
time("ping same node", 5000, () => ping(a, { to: "10.244.0.3", id, seq: 1 }));
w.network.serve("web", { http: () => ({ status: 200, reason: "OK", headers: [["Content-Length","2"]], body: "ok" }) });
listen(a, 80, { application: "web" }); listen(b, 80, { application: "web" });
time("connect+GET+close via ClusterIP", 1000, () => { const r = connect(c, { to: "10.103.45.120", port: 80 }); httpExchange(r.connection!, { method: "GET", target: "/", version: "HTTP/1.1", headers: [["Host","web"]], body: "" }); r.connection!.close(); });
// 5000 services
let text = "*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n"; let body = "";
for (let i = 0; i < 5000; i++) { text += `:KUBE-SVC-${i} - [0:0]\n:KUBE-SEP-${i} - [0:0]\n`; body += `-A KUBE-SERVICES -d 10.97.${i>>8}.${i&255}/32 -p tcp -m comment --comment "ns/s${i} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${i}\n-A KUBE-SVC-${i} ! -s 10.244.0.0/16 -d 10.97.${i>>8}.${i&255}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ\n-A KUBE-SVC-${i} -m comment --comment "x" -j KUBE-SEP-${i}\n-A KUBE-SEP-${i} -s 10.244.0.3/32 -j KUBE-MARK-MASQ\n-A KUBE-SEP-${i} -p tcp -m tcp -j DNAT --to-destination 10.244.0.3:80\n`; }
const big = text + body + "-A PREROUTING -j KUBE-SERVICES\nCOMMIT\n";
let t = process.hrtime.bigint(); console.log(restoreRules(w.nodes[1], big)); console.log("restore 25k rules ms", Number(process.hrtime.bigint() - t) / 1e6);
t = process.hrtime.bigint(); const s = saveRules(w.nodes[1]); console.log("save ms", Number(process.hrtime.bigint() - t) / 1e6, s.length);
time("connect through 5000 services + reset", 500, () => { const r = connect(c, { to: "10.97.19.100", port: 80 }); if (r.outcome !== "connected") { console.log(JSON.stringify(r.trace,null,1).slice(0,6000), r.by?.what, w.nodes[1].conntrack.size, w.nodes[0].conntrack.size); throw new Error(r.outcome);} r.connection!.reset(); });
time("ping through 5000 services, new flow", 1000, () => ping(c, { to: "10.244.0.3", id: id++ & 0xffff, seq: 1 }));
