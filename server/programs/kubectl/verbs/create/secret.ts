import type { Process } from "../../../../sim/host/index.ts";
import { encode, type Bytes } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { group } from "../../cobra/command.ts";
import { bool, list, text, texts } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure } from "../../output/index.ts";
import { readBytes } from "../../read-file.ts";
import { readData, type Entry, type KeyWords } from "./data-sources.ts";
import { generator, type GeneratorInput } from "./generator.ts";
import { hashedName } from "./hash.ts";
import { objectMeta } from "./meta.ts";
import { keyPairProblem } from "./key-pair.ts";

const MAPPING = { group: "", version: "v1", resource: "secrets", kind: "Secret", namespaced: true };
const HASH = bool("Append a hash of the content to the name.");

function secretObject(
  { name, namespace }: Pick<GeneratorInput<never>, "name" | "namespace">,
  entries: readonly Entry[],
  type: string,
  hash: boolean,
): JsonObject {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const data = Object.fromEntries(sorted.map(([key, value]) => [key, Buffer.from(value, "latin1").toString("base64")]));
  const called = hash ? hashedName("Secret", name, { type, data }) : name;
  return {
    kind: "Secret",
    apiVersion: "v1",
    metadata: objectMeta(called, { namespace }),
    ...(sorted.length > 0 ? { data } : {}),
    ...(type === "" ? {} : { type }),
  };
}

const generic = generator({
  use: "create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  summary: "Create a secret from a local file, directory, or literal value",
  about: "Create a secret from files, folders or literal values.",
  examples: `# From a literal
kubectl create secret generic db --from-literal=password=s3cr3t

# From files
kubectl create secret generic keys --from-file=id_rsa --from-file=pub=id_rsa.pub`,
  flags: {
    "append-hash": HASH,
    "from-env-file": list("A file of NAME=VALUE lines."),
    "from-file": list("A file or folder, or KEY=FILE."),
    "from-literal": texts("KEY=VALUE."),
    type: text("The type of the secret."),
  },
  mapping: MAPPING,
  failure: "failed to create secret ",
  async build(input) {
    if (input.name === "") return { error: "name must be specified" };
    const entries = await readData(input.invocation.process, input.flags, KEY_WORDS);
    return isFailure(entries) ? entries : secretObject(input, entries, input.flags.type, input.flags["append-hash"]);
  },
});

const KEY_WORDS: KeyWords = {
  invalid: (key, why) => `${key} is not valid key name for a Secret ${why}`,
  known: (key) => `cannot add key ${key}, another key by that name already exists`,
};

const tls = generator({
  use: "create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
  summary: "Create a TLS secret",
  about: "Create a TLS secret from a certificate and its key, both in PEM. They must belong together.",
  examples: "# From two files\nkubectl create secret tls site --cert=site.crt --key=site.key",
  flags: { "append-hash": HASH, cert: text("The file with the certificate."), key: text("The file with its key.") },
  required: [],
  mapping: MAPPING,
  failure: "failed to create secret ",
  async build(input) {
    const { cert, key, "append-hash": hash } = input.flags;
    if (key === "" || cert === "") return { error: "key and cert must be specified" };
    const { process } = input.invocation;
    const certificate: Bytes = await readPart(process, cert);
    const privateKey: Bytes = await readPart(process, key);
    const problem = keyPairProblem(certificate, privateKey);
    if (problem !== undefined) return { error: problem };
    return secretObject(
      input,
      [
        ["tls.crt", certificate],
        ["tls.key", privateKey],
      ],
      "kubernetes.io/tls",
      hash,
    );
  },
});

const dockerRegistry = generator({
  use: "create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
  summary: "Create a secret for use with a Docker registry",
  about: "Create a secret with the credentials of a container registry, for imagePullSecrets.",
  examples:
    "# For a registry of one's own\nkubectl create secret docker-registry reg --docker-server=reg.lab --docker-username=me --docker-password=s3cr3t",
  flags: {
    "append-hash": HASH,
    "docker-email": text("The user's mail address."),
    "docker-password": text("The user's password."),
    "docker-server": text("The registry.", { initial: "https://index.docker.io/v1/" }),
    "docker-username": text("The user's name."),
    "from-file": list("A file or folder, or KEY=FILE."),
  },
  mapping: MAPPING,
  failure: "failed to create secret ",
  async build(input) {
    const { flags, invocation } = input;
    if (input.name === "") return { error: "name must be specified" };
    const type = "kubernetes.io/dockerconfigjson";
    const hash = flags["append-hash"];
    if (flags["from-file"].length > 0) {
      const entries = await readData(
        invocation.process,
        { ...flags, "from-literal": [], "from-env-file": [] },
        KEY_WORDS,
      );
      return isFailure(entries) ? entries : secretObject(input, entries, type, hash);
    }
    const {
      "docker-username": username,
      "docker-password": password,
      "docker-email": email,
      "docker-server": server,
    } = flags;
    if (username === "" || password === "" || server === "")
      return {
        error:
          "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
      };
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const config = { auths: { [server]: { username, password, ...(email === "" ? {} : { email }), auth } } };
    return secretObject(input, [[".dockerconfigjson", encode(encodeJson(config, { keepOrder: true }))]], type, hash);
  },
});

const entry = (name: string, summary: string, command: typeof generic) => ({
  name,
  summary,
  load: () => Promise.resolve(command),
});

export const secret = group({
  helpOnError: true,
  use: "create secret (docker-registry | generic | tls)",
  summary: "Create a secret using a specified subcommand",
  about: "Create a secret with one of the subcommands below.",
  subcommands: [
    entry("docker-registry", "Create a secret for use with a Docker registry", dockerRegistry),
    entry("generic", "Create a secret from a local file, directory, or literal value", generic),
    entry("tls", "Create a TLS secret", tls),
  ],
});

async function readPart(process: Process, path: string): Promise<Bytes> {
  try {
    return await readBytes(process, path);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`Cannot read file ${path}, ${error.message}`);
    throw error;
  }
}
