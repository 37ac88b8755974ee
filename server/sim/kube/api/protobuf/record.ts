// oxlint-disable no-restricted-imports, no-restricted-globals -- a recorder that is run by hand, not a part of the simulation
/**
 * Records what the real kubectl posts as protobuf, beside what it prints of the same object as JSON:
 * `node server/sim/kube/api/protobuf/record.ts /path/to/kubectl.1.33 http://127.0.0.1:PORT`, the address of a running
 * `drydock cluster`, which answers its questions about what there is.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const LINES = [
  "create configmap c --from-literal=a=b --from-literal=empty=",
  "create secret generic s --from-literal=password=geheim",
  "create secret docker-registry d --docker-server=r.example --docker-username=u --docker-password=p",
  "create namespace n",
  "create serviceaccount sa",
  "create service clusterip web --tcp=80:8080 --tcp=443:https",
  "create service clusterip none --clusterip=None",
  "create service nodeport web --tcp=80 --node-port=30080",
  "create service loadbalancer web --tcp=80",
  "create service externalname web --external-name=example.com",
  "create deployment web --image=nginx --replicas=0",
  "create deployment web --image=nginx:1.27 --image=busybox --replicas=3",
  "create deployment web --image=busybox --port=8080 -- sleep 1d",
  "create job j --image=busybox -- echo hi",
  "create cronjob c --image=busybox --schedule=*/5*** -- date",
  "create ingress i --rule=a.example/x*=web:80,tls=cert --rule=b.example/=web:http --class=nginx --annotation=a=b",
  "create ingress i --default-backend=web:80",
  "create role r --verb=get,list --resource=pods --resource-name=a",
  "create clusterrole r --verb=* --non-resource-url=/healthz",
  "create clusterrole r --aggregation-rule=a=b",
  "create rolebinding b --clusterrole=view --user=jane --group=dev --serviceaccount=default:sa",
  "create clusterrolebinding b --clusterrole=view --user=jane",
  "create quota q --hard=pods=3,cpu=500m --scopes=BestEffort",
  "create priorityclass p --value=1000 --global-default --description=x",
  "create poddisruptionbudget p --selector=app=web --min-available=50%",
  "create poddisruptionbudget p --selector=app=web --max-unavailable=1",
];

const [kubectl, server] = process.argv.slice(2);
if (kubectl === undefined || server === undefined) throw new Error("node record.ts KUBECTL http://127.0.0.1:PORT");
let posted = "";
const proxy = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const type = request.headers["content-type"] ?? "";
    if (type.includes("protobuf")) posted = body.toString("base64");
    const headers = { accept: request.headers.accept ?? "", "content-type": type };
    void fetch(server + request.url!, {
      method: request.method!,
      headers,
      ...(body.length > 0 ? { body } : {}),
    }).then(async (answer) => {
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
});
await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

const recorded = [];
for (const line of LINES) {
  posted = "";
  const words = line.split(" ").map((word) => word.replace("*/5***", "*/5 * * * *"));
  const [before, after] = words.includes("--")
    ? [words.slice(0, words.indexOf("--")), words.slice(words.indexOf("--"))]
    : [words, []];
  await run([...before, "--dry-run=server", ...after]);
  const json = JSON.parse(await run([...before, "--dry-run=client", "-o", "json", ...after])) as unknown;
  if (posted === "") throw new Error(`kubectl posted no protobuf for: ${line}`);
  recorded.push({ line, posted, json });
}
writeFileSync(join(import.meta.dirname, "posted.json"), `${JSON.stringify(recorded, null, 1)}\n`);
proxy.close();

function run(words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(kubectl!, ["-s", address, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (data: Buffer) => (out += data.toString()));
    child.stderr.on("data", (data: Buffer) => process.stderr.write(`${words.join(" ")}: ${data.toString()}`));
    child.on("close", () => resolve(out));
  });
}
