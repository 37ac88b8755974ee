import type { Process } from "../../../sim/host/index.ts";
import type { Given } from "../cobra/index.ts";
import { KubeadmError } from "../failure.ts";
import { nodeName } from "../init/machine.ts";
import { RestClient } from "../rest-client.ts";
import { discover, type Discovered } from "./discovery.ts";

const TOKEN = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

/** What the phases of join share (cmd/kubeadm/app/cmd/join.go joinData). */
export class JoinData {
  readonly process: Process;
  readonly skippedPhases: readonly string[];
  readonly ignoredErrors: ReadonlySet<string>;
  readonly nodeName: string;
  readonly criSocket: string;
  readonly #endpoint: string;
  readonly #token: string;
  readonly #bootstrapToken: string;
  readonly #hashes: readonly string[] | undefined;
  #discovered: Discovered | undefined;

  private constructor(process: Process, given: Given, endpoint: string, token: string, bootstrapToken: string) {
    this.process = process;
    this.skippedPhases = given.list("skip-phases");
    this.ignoredErrors = new Set(given.list("ignore-preflight-errors").map((name) => name.toLowerCase()));
    this.nodeName = nodeName(process, undefined);
    this.criSocket = given.text("cri-socket") ?? "unix:///var/run/containerd/containerd.sock";
    this.#endpoint = endpoint;
    this.#token = token;
    this.#bootstrapToken = bootstrapToken;
    const unsafe = given.isTrue("discovery-token-unsafe-skip-ca-verification");
    this.#hashes = unsafe ? undefined : given.list("discovery-token-ca-cert-hash");
  }

  static read(process: Process, given: Given): Promise<JoinData> {
    const [endpoint] = given.operands;
    const token = given.text("discovery-token") ?? given.text("token");
    const bootstrapToken = given.text("tls-bootstrap-token") ?? given.text("token");
    const wrong = problems(given, endpoint, token, bootstrapToken);
    if (wrong.length > 0) throw new KubeadmError(wrong.length === 1 ? wrong[0]! : `[${wrong.join(", ")}]`);
    return Promise.resolve(new JoinData(process, given, endpoint!, token!, bootstrapToken!));
  }

  async print(line: string): Promise<void> {
    await this.process.print(`${line}\n`);
  }

  /** Where the cluster is and whom to trust: asked once. */
  async cluster(): Promise<Discovered> {
    return (this.#discovered ??= await discover(this.process, this.#endpoint, this.#token, this.#hashes));
  }

  get bootstrapToken(): string {
    return this.#bootstrapToken;
  }

  /** Speaks to the API server as who holds the bootstrap token. */
  async client(): Promise<RestClient> {
    const { server, authority } = await this.cluster();
    return new RestClient(this.process, {
      server,
      certificateAuthority: authority,
      token: this.#bootstrapToken,
      userAgent: "kubeadm",
    });
  }
}

/** As validation.ValidateJoinConfiguration, for what can be given here. */
function problems(
  given: Given,
  endpoint: string | undefined,
  token: string | undefined,
  bootstrapToken: string | undefined,
): string[] {
  // prettier-ignore
  if (endpoint === undefined && token === undefined)
    return ['discovery: Invalid value: "": bootstrapToken or file must be set'];
  const wrong: string[] = [];
  if (token === undefined) wrong.push('discovery: Invalid value: "": bootstrapToken or file must be set');
  else if (!TOKEN.test(token))
    wrong.push('discovery.bootstrapToken.token: Invalid value: "": the bootstrap token is invalid');
  if (endpoint === undefined) wrong.push('discovery.bootstrapToken: Invalid value: "": a required value of type "apiServerEndpoint" is missing'); // prettier-ignore
  else if (!/^(?:\[[^\]]+\]|[^:\s]+):\d+$/.test(endpoint)) wrong.push(`discovery.bootstrapToken.apiServerEndpoint: Invalid value: "${endpoint}": address ${endpoint}: missing port in address`); // prettier-ignore
  const hashes = given.list("discovery-token-ca-cert-hash");
  if (token !== undefined && hashes.length === 0 && !given.isTrue("discovery-token-unsafe-skip-ca-verification"))
    wrong.push('discovery.bootstrapToken: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue'); // prettier-ignore
  const unknown = hashes.find((hash) => !/^sha256:[0-9a-f]{64}$/i.test(hash));
  if (unknown !== undefined)
    wrong.push(`discovery.bootstrapToken.caCertHashes: Invalid value: "${unknown}": invalid hash`);
  if (bootstrapToken !== undefined && !TOKEN.test(bootstrapToken)) wrong.push(`discovery.tlsBootstrapToken: Invalid value: "${bootstrapToken}": the bootstrap token is invalid`); // prettier-ignore
  return wrong;
}
