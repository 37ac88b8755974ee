import { dirname, Errno, isAbsolute, join, type Process } from "../../../sim/host/index.ts";
import { encode, parseRfc3339 } from "../../../sim/kernel/index.ts";
import { runCaptured } from "../captured.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure } from "../output/failure.ts";
import { quote } from "../output/golang/quote.ts";
import { readYaml } from "../yaml/read.ts";
import { notAnObject } from "./config-schema.ts";
import type { Credentials, CredentialSource } from "./credentials.ts";

/** `users[].user.exec` of a kubeconfig. */
export interface ExecFields {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly interactiveMode?: string;
  readonly provideClusterInfo?: boolean;
}

/** The cluster as a plugin is told of it, if it asks for that. */
export interface ClusterInfo {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string;
  readonly config: unknown;
}

interface ExecCredential {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

const GROUP = "client.authentication.k8s.io";
const VERSIONS = [`${GROUP}/v1beta1`, `${GROUP}/v1`];
const SCHEME = "pkg/client/auth/exec/exec.go:62";

/** Credentials that a command prints (client-go plugin/pkg/client/auth/exec/exec.go). */
export class ExecPlugin implements CredentialSource {
  readonly #process: Process;
  readonly #fields: ExecFields;
  readonly #cluster: ClusterInfo;
  readonly prefix = "getting credentials: ";
  readonly refreshes = true;

  /** @param file the kubeconfig: a command with a relative path starts at its folder */
  constructor(process: Process, fields: ExecFields, file: string, cluster: ClusterInfo) {
    const { apiVersion = "", command = "" } = fields;
    if (!VERSIONS.includes(apiVersion)) throw new GoError(`exec plugin: invalid apiVersion ${quote(apiVersion)}`);
    const relative = command.includes("/") && !isAbsolute(command);
    this.#process = process;
    this.#fields = relative ? { ...fields, command: join(dirname(file), command.replace(/^(\.\/+)+/, "")) } : fields;
    this.#cluster = cluster;
  }

  async credentials(): Promise<Credentials> {
    const { apiVersion = "", command = "", args, env, interactiveMode: mode } = this.#fields;
    const interactive = mode !== "Never" && this.#process.isTty(0);
    if (mode === "Always" && !interactive)
      throw new GoError("exec plugin cannot support interactive mode: standard input is not a terminal");
    const ran = await runCaptured(this.#process, [command, ...(args ?? [])], {
      env: {
        ...this.#process.env,
        ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify({ kind: "ExecCredential", apiVersion, spec: this.#spec(interactive) }),
      },
      stdin: interactive ? "inherit" : "nothing",
      stderr: "inherit",
    });
    if (ran instanceof Errno) throw this.#notStarted(ran);
    if (ran.code !== 0) throw new GoError(`exec: executable ${command} failed with exit code ${ran.code}`);
    return this.#read(ran.stdout);
  }

  #spec(interactive: boolean): object {
    if (!this.#fields.provideClusterInfo) return { interactive };
    const { server, tlsServerName, insecureSkipTlsVerify, certificateAuthority, config } = this.#cluster;
    const authority = Buffer.from(certificateAuthority, "latin1").toString("base64");
    const cluster = {
      server,
      ...(tlsServerName === "" ? {} : { "tls-server-name": tlsServerName }),
      ...(insecureSkipTlsVerify ? { "insecure-skip-tls-verify": true } : {}),
      ...(authority === "" ? {} : { "certificate-authority-data": authority }),
      config: config ?? null,
    };
    return { cluster, interactive };
  }

  #notStarted(error: Errno): GoError {
    const { command = "", installHint = "" } = this.#fields;
    if (command.includes("/")) return new GoError(`exec: fork/exec ${command}: ${error.message.toLowerCase()}`);
    const hint = installHint === "" ? "" : `\n\n${installHint}`;
    return new GoError(
      `exec: executable ${command} not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\nTo learn more about this feature, consult the documentation available at:\n      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins${hint}`,
    );
  }

  #read(text: string): Credentials {
    const { apiVersion: configured = "" } = this.#fields;
    const { apiVersion = "", status } = decodeCredential(text);
    if (apiVersion !== configured)
      throw new GoError(
        `exec plugin is configured to use API version ${configured}, plugin returned version ${apiVersion}`,
      );
    if (!status) throw new GoError("exec plugin didn't return a status field");
    const { token = "", clientCertificateData: certificate = "", clientKeyData: key = "" } = status;
    if (token === "" && certificate === "" && key === "")
      throw new GoError("exec plugin didn't return a token or cert/key pair");
    if ((certificate === "") !== (key === ""))
      throw new GoError("exec plugin returned only certificate or key, not both");
    for (const [what, pem] of [
      ["certificate", certificate],
      ["key", key],
    ] as const)
      // prettier-ignore
      if (pem !== "" && !/-----BEGIN /.test(pem))
        throw new GoError(
          `failed parsing client key/certificate: tls: failed to find any PEM data in ${what} input`,
        );
    const { expirationTimestamp: end } = status;
    const expires = end === undefined ? undefined : parseRfc3339(end);
    return {
      token,
      clientCertificate: encode(certificate),
      clientKey: encode(key),
      ...(expires === undefined ? {} : { expires }),
    };
  }
}

function decodeCredential(text: string): ExecCredential {
  const read = readYaml(text);
  const refused = (why: string): GoError => new GoError(`decoding stdout: ${why}`);
  if (isFailure(read)) throw refused(`couldn't get version/kind; json parse error: ${read.error}`);
  const value = read.value ?? {};
  const wrong = notAnObject(value);
  if (wrong) throw refused(wrong.error);
  const credential = value as ExecCredential;
  const { apiVersion = "", kind = "" } = credential;
  // What says nothing of itself is taken for what is expected (runtime.Decoder with defaults).
  if (kind === "" && apiVersion === "") return { ...credential, apiVersion: `${GROUP}/__internal` };
  if (kind === "") throw refused(`Object 'Kind' is missing in '${text}'`);
  if (apiVersion === "") throw refused(`Object 'apiVersion' is missing in '${text}'`);
  if (kind !== "ExecCredential" || !VERSIONS.includes(apiVersion))
    throw refused(`no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(SCHEME)}`);
  return credential;
}
