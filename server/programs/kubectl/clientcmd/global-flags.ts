import { bool, duration, integer, list, text, texts, type Read, type ValuesOf } from "../cobra/flag.ts";

/** `pattern=N` between commas (klog moduleSpec.Set). */
function readLevels(value: string): Read<readonly string[]> {
  const levels = value.split(",").filter((level) => level !== "");
  return levels.every((level) => /^[^=]+=\d+$/.test(level))
    ? { value: levels }
    : { error: "syntax error: expect comma-separated list of filename=N" };
}

const flushFrequency = duration("How long log lines may wait before they are written.", 5);

/** The flags that every command takes (cli-runtime pkg/genericclioptions/config_flags.go and kubectl's own). */
export const GLOBAL_FLAGS = {
  as: text(
    "Name of the user to act as, for this request only. May be a service account: system:serviceaccount:NS:NAME.",
  ),
  "as-group": texts("Group to act in together with --as. May be given several times."),
  "as-uid": text("UID to act under together with --as."),
  "cache-dir": text("Where discovery is cached.", { initial: "/root/.kube/cache" }),
  "certificate-authority": text("File with the certificate of the authority that signed the server's."),
  "client-certificate": text("File with the client certificate to present."),
  "client-key": text("File with the key of the client certificate."),
  cluster: text("The cluster of the kubeconfig to use.", { offer: { kind: "clusters" } }),
  context: text("The context of the kubeconfig to use.", { offer: { kind: "contexts" } }),
  "disable-compression": bool("If true, ask the server not to compress its answers."),
  "insecure-skip-tls-verify": bool("If true, do not check the server's certificate."),
  kubeconfig: text("The kubeconfig file to use."),
  "log-flush-frequency": {
    ...flushFrequency,
    // The flag is Go's own kind, which does not say what is wrong.
    read: (value: string) => {
      const read = flushFrequency.read(value, undefined);
      return "error" in read ? { error: "parse error" } : read;
    },
  },
  "match-server-version": bool("Refuse to work with a server of another version."),
  namespace: text("The namespace of this request.", {
    shorthand: "n",
    offer: { kind: "names", type: "namespace" },
  }),
  password: text("Password for basic authentication."),
  profile: text("The profile to record: none, cpu, heap, goroutine, threadcreate, block or mutex.", {
    initial: "none",
  }),
  "profile-output": text("The file that the profile is written to.", { initial: "profile.pprof" }),
  "request-timeout": text("How long to wait for one request, with a unit: 1s, 2m, 3h. 0 waits for ever.", {
    initial: "0",
  }),
  server: text("Address and port of the API server.", { shorthand: "s" }),
  "tls-server-name": text("The name that the server's certificate must have, if it is not that of the address."),
  token: text("Bearer token to authenticate with."),
  user: text("The user of the kubeconfig to use.", { offer: { kind: "users" } }),
  username: text("Name for basic authentication."),
  v: integer("How much is logged.", 0, { shorthand: "v" }),
  vmodule: { ...list("How much is logged by file: pattern=N,…"), shown: "", read: readLevels },
  "warnings-as-errors": bool("Fail when the server sends a warning."),
} as const;

export type GlobalFlags = ValuesOf<typeof GLOBAL_FLAGS>;
