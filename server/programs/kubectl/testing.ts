import type { Host, Process, Program } from "../../sim/host/index.ts";
import { testKernel } from "../../sim/kernel/testing.ts";
import { runProgram, testHosts, type Ran } from "../../sim/host/testing.ts";
import type { Duration, Kernel } from "../../sim/kernel/index.ts";
import { TestCluster } from "../../sim/kube/kinds/testing.ts";
import { createKubectl } from "./kubectl.ts";
import type { Ports } from "./ports.ts";
import { serve, targetOf } from "./serve.ts";
import type { ApiCall, ApiReply, ApiTransport } from "./transport.ts";

const ADMIN = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };

/** An API server in this process as a transport, without a network in between. */
export class InProcessApi implements ApiTransport {
  readonly #process: Process;
  readonly #cluster: TestCluster;
  readonly #log: string[];

  constructor(process: Process, cluster: TestCluster, log: string[]) {
    this.#process = process;
    this.#cluster = cluster;
    this.#log = log;
  }

  async request(call: ApiCall): Promise<ApiReply> {
    this.#log.push(`${call.method} ${targetOf(call)}`);
    return serve(this.#process, this.#cluster.api, call, ADMIN);
  }

  close(): void {}
}

/** What is at all other addresses. */
const NOBODY: ApiTransport = {
  request: () => Promise.resolve({ kind: "unreachable", why: "dial tcp 127.0.0.1:1: connect: connection refused" }),
  close() {},
};

export const KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: https://172.30.1.2:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
preferences: {}
users:
- name: kubernetes-admin
  user:
    token: secret
`;

export interface TestKubectlOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly ports?: Partial<Ports>;
  readonly kubeconfig?: string;
  /** Programs beside kubectl. */
  readonly programs?: readonly Program[];
  /** Makes the cluster, on the host's kernel. */
  readonly cluster?: (kernel: Kernel) => TestCluster;
  /** How long before 2026-11-21T10:00:00Z the host's clock starts. */
  readonly startBefore?: Duration;
}

/** A host with kubectl, and a cluster that it talks to. */
export class TestKubectl {
  readonly host: Host;
  readonly cluster: TestCluster;
  /** What kubectl asked for since the last run began: `GET /api/v1/…`, without discovery. */
  readonly requests: string[] = [];
  readonly #log: string[] = [];

  constructor(options: TestKubectlOptions = {}) {
    const kubectl = createKubectl({
      connect: (process, { server }) =>
        server.includes("172.30.1.2") ? new InProcessApi(process, this.cluster, this.#log) : NOBODY,
      ...options.ports,
    });
    const files = Object.entries(options.files ?? {}).map(([path, text]) => ({
      path: path.startsWith("/") ? path : `/root/${path}`,
      text,
    }));
    const config = { path: "/root/.kube/config", text: options.kubeconfig ?? KUBECONFIG };
    const kernel = testKernel(1, options.startBefore);
    this.host = testHosts([kubectl, ...(options.programs ?? [])], [config, ...files], kernel).host;
    this.cluster = options.cluster?.(kernel) ?? new TestCluster({ kernel });
  }

  /** Runs kubectl with these words (or a line that is split at spaces). */
  async run(
    words: string | readonly string[],
    options: {
      readonly stdin?: string;
      readonly cwd?: string;
      readonly env?: Record<string, string>;
      readonly interruptAfter?: Duration;
    } = {},
  ): Promise<Ran> {
    this.#log.length = 0;
    const argv = typeof words === "string" ? words.split(" ") : words;
    const ran = await runProgram(this.host, ["kubectl", ...argv], options);
    this.requests.splice(
      0,
      this.requests.length,
      ...this.#log.filter((line) => !/ \/(api|apis)(\?timeout=32s)?$| \/openapi\//.test(line)),
    );
    return ran;
  }
}
