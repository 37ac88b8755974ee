import { cluster, clusterPod, listen } from "/work/wt/net/server/sim/net/testing.ts";
import { ping } from "/work/wt/net/server/sim/net/transport/ping.ts";
import { connect } from "/work/wt/net/server/sim/net/transport/connect.ts";
import { httpExchange } from "/work/wt/net/server/sim/net/http/client.ts";
import { restoreRules } from "/work/wt/net/server/sim/net/netfilter/save.ts";
import fs from "node:fs";
const w = cluster();
const a = clusterPod(w, 0, "a", 2), b = clusterPod(w, 0, "b", 3), c = clusterPod(w, 1, "c", 4);
const show = (t: any, ind="") => { for (const h of t.hops) console.log(ind, h.host, "|", h.netns, "|", h.at, "|", h.what, "|", h.ref?.text ?? "", h.before ? JSON.stringify(h.before)+"=>"+JSON.stringify(h.after):""); console.log(ind, "=>", t.verdict, t.ns); if (t.reply) show(t.reply, ind + "   "); };
for (const to of ["10.244.0.3", "10.244.1.4", "8.8.8.8", "203.0.113.9", "192.168.56.99", "1.2.3.4"]) { const r = ping(a, { to, id: 7, seq: 1 }); console.log(to, r.outcome, r.errno, r.latency); show(r.trace); }
const rules = fs.readFileSync("/work/shared/golden/lib/kube-proxy.rules", "utf8");
for (const n of w.nodes) console.log(restoreRules(n, rules));
w.network.serve("web", { http: () => ({ status: 200, reason: "OK", headers: [["Content-Length","2"]], body: "ok" }) });
listen(a, 80, { application: "web" }); listen(b, 80, { application: "web" });
for (const src of [c, a, w.nodes[1]]) { const r = connect(src, { to: "10.103.45.120", port: 80 }); console.log(r.outcome, r.errno, r.by?.what); show(r.trace); if (r.connection) console.log(httpExchange(r.connection, { method: "GET", target: "/", version: "HTTP/1.1", headers: [["Host","web"]], body: "" })); }
