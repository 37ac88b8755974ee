import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../usage.ts";

/** Makes the folder of a new lab: a small one that is complete, to be changed into what it shall be. */
export function newLab(folder: string): readonly string[] {
  const id = basename(folder);
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    throw new UsageError(`labs new: '${id}': a lab's name is lower-case words joined by -`);
  if (existsSync(folder)) throw new UsageError(`labs new: ${folder} is there already`);
  const files = Object.entries(template(id)).map(([file, text]) => [join(folder, file), text] as const);
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return files.map(([path]) => path);
}

/** The file of a new exam: a small one that is complete. */
export function examTemplate(id: string): Readonly<Record<string, string>> {
  return {
    "exam.yaml": `version: 1
id: ${id}
title: ${id[0]!.toUpperCase()}${id.slice(1).replaceAll("-", " ")}
summary: One sentence for the catalogue.
minutes: 30
pass: 66                              # in percent
tasks:                                # in every attempt, in this order
  - { lab: lost-endpoints, weight: 6 }
draw:                                 # others each time: so many of the labs with the topic, and of the level if one is said
  - { topics: [services], level: easy, count: 1, weight: 4 }
`,
  };
}

/** The files of a new lab: a small one that is complete. */
export function template(id: string): Readonly<Record<string, string>> {
  return {
    "lab.yaml": `version: 1
id: ${id}
title: ${id[0]!.toUpperCase()}${id.slice(1).replaceAll("-", " ")}
summary: One sentence for the catalogue.
topics: [services]
level: easy
minutes: 5
cluster: kubeadm
terminal: { host: controlplane, user: root }
variants:                             # drawn from the seed; used as {{ns}} in every text, manifest and check
  ns: { oneOf: [shop, store, market] }
setup:
  - manifest: setup/app.yaml
  - settle: true                      # run the clock until nothing moves
tasks:
  - id: expose
    points: 3
    prompt: task.md
    hints:
      - "\`kubectl expose --help\` shows how."
    checks:
      - id: answers
        points: 2
        says: Every client in {{ns}} gets the web page from the Service web on port 80
        reach:
          from: { pods: app=client, namespace: "{{ns}}" }
          to: http://web/
          expect: { status: 200, body: { contains: web ok } }
      - id: kept
        points: 1
        says: The Deployment web is as it was
        needs: [answers]                # otherwise there would be a point for doing nothing
        unchanged: { object: deployment/web, namespace: "{{ns}}", path: spec }
explain: explain.md
`,
    "task.md":
      "The Pods of Deployment `web` in namespace `{{ns}}` run. Make a Service `web` through which clients get their page on port 80. Leave the Deployment as it is.\n",
    "explain.md":
      "A Service sends what it gets on `port` to `targetPort` of the Pods that its selector matches.\n\n    kubectl -n {{ns}} expose deployment web --port=80 --target-port=5678\n",
    "setup/app.yaml": `apiVersion: v1
kind: Namespace
metadata:
  name: "{{ns}}"
---
${deployment("web", 'image: hashicorp/http-echo:1.0\n          args: ["-text=web ok"]')}---
${deployment("client", 'image: busybox:1.36\n          command: ["sleep", "infinity"]')}`,
    "proof/solution.sh": 'kubectl -n "$ns" expose deployment web --port=80 --target-port=5678\n',
    "proof/solution-manifest.sh": `kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: $ns
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 5678
EOF
`,
    "proof/wrong-other-deployment.sh":
      '# scores: 2 of 3\n# fails: kept\nkubectl -n "$ns" scale deployment web --replicas=2\nkubectl -n "$ns" expose deployment web --port=80 --target-port=5678\n',
    "proof/wrong-target-port.sh":
      '# scores: 0 of 3\n# fails: answers, kept\n# because answers: nothing listens on port 80\nkubectl -n "$ns" expose deployment web --port=80\n',
  };
}

function deployment(name: string, container: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: "{{ns}}"
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: ${name}
          ${container}
`;
}
