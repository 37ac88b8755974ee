/** A shell script, and what the real bash and the real programs made of it. */
export interface Script {
  readonly name: string;
  readonly text: string;
}

export interface RecordedScript extends Script {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Where scripts run. */
export const DIRECTORY = "/tmp/drydock-scripts";

export const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: "/root",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
};

/** What lies in the directory when a script starts. */
export const FILES: Readonly<Record<string, string>> = {
  "pods.txt": `NAME                       READY   STATUS    RESTARTS   AGE   IP            NODE
coredns-668d6bf9bc-2xkqz   1/1     Running   0          10d   10.244.0.2    controlplane
kube-proxy-7vq9x           1/1     Running   1          10d   172.30.1.2    node01
web-7d4b9c-x2x             0/1     Pending   0          5m    <none>        <none>
web-7d4b9c-abc             1/1     Running   12         5m    10.244.1.15   node01
db-0                       0/1     Error     3          2h    10.244.1.16   node01
`,
  "pod.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
  - name: nginx
    image: nginx:1.27
    ports:
    - containerPort: 80
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki
`,
  "svc.json": `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default", annotations: { note: 'a "quoted" é' } },
      spec: {
        clusterIP: "10.96.12.34",
        ports: [
          { name: "http", port: 80, targetPort: 8080 },
          { name: "https", port: 443, targetPort: "tls" },
        ],
        selector: { app: "web", tier: "front" },
      },
    },
    null,
    4,
  )}\n`,
  "nodes.csv": "name,cpu,mem\nnode02,200,4096\nnode01,100,2048\n# spare\nnode10,50,1024\n",
  "resolv.conf":
    "# by hand\nnameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local cluster.local\n\noptions ndots:5\n",
  "good.sh": '#!/bin/bash\necho "$0: $# arguments: $*"\nfor arg; do echo "<$arg>"; done\n',
  "bad.sh": 'echo start\nif true; then\n  echo "no end"\n',
};

/** Reads cases: a line each, then texts of several lines that start with `#### NAME`. */
export function readScripts(source: string): Script[] {
  const [lines, ...texts] = source.split(/^#### /m);
  return [
    ...lines!
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({ name: line, text: line })),
    ...texts.map((part) => ({
      name: part.slice(0, part.indexOf("\n")),
      text: part.slice(part.indexOf("\n") + 1).replace(/\n*$/, ""),
    })),
  ];
}

/** Process numbers differ from run to run. */
export function masked(text: string): string {
  return text
    .replace(/(line \d+:) +\d+ (?=[A-Z])/g, "$1 PID ")
    .replace(/\b\d{3,7}(?= +\d* *(Terminated|Killed))/g, "PID");
}
