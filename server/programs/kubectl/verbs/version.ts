import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { command } from "../cobra/command.ts";
import { bool, text } from "../cobra/flag.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure, toYaml, type Failure } from "../output/index.ts";

/** kubectl's own version (the release binary of v1.33.1). */
const CLIENT: JsonObject = {
  major: "1",
  minor: "33",
  gitVersion: "v1.33.1",
  gitCommit: "8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828",
  gitTreeState: "clean",
  buildDate: "2025-05-15T08:27:33Z",
  goVersion: "go1.24.2",
  compiler: "gc",
  platform: "linux/amd64",
};
const KUSTOMIZE = "v5.6.0";

export const version = command({
  use: "version [flags]",
  summary: "Print the client and server version information",
  about: "Print the versions of kubectl and of the server.",
  examples: "# Both\nkubectl version",
  flags: {
    client: bool("Only kubectl's, without asking a server."),
    output: text("How to print: yaml or json.", { shorthand: "o" }),
  },
  complete: ({ args }): object | Failure => (args.length > 0 ? { error: `extra arguments: [${args.join(" ")}]` } : {}),
  validate: (_, { flags }) =>
    ["", "yaml", "json"].includes(flags.output) ? undefined : { error: "--output must be 'yaml' or 'json'" },
  async run(_, { flags, factory, process }) {
    let server: JsonObject | undefined;
    let failure: GoError | undefined;
    if (!flags.client) {
      try {
        const client = await factory.client();
        server = await client.object({ method: "GET", path: "/version", query: { timeout: ["32s"] } });
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        failure = error;
      }
    }
    await process.print(versionText(flags.output, server));
    if (failure) throw failure;
    const skew = server && skewWarning(server);
    if (skew) await process.error(skew);
  },
});

function versionText(output: string, server: JsonObject | undefined): string {
  const all: JsonObject = {
    clientVersion: CLIENT,
    kustomizeVersion: KUSTOMIZE,
    ...(server ? { serverVersion: server } : {}),
  };
  if (output === "json") return `${JSON.stringify(all, null, 2)}\n`;
  if (output === "yaml") {
    const yaml = toYaml(all);
    if (isFailure(yaml)) throw new GoError(yaml.error);
    return `${yaml}\n`;
  }
  const lines = [`Client Version: ${CLIENT["gitVersion"] as string}`, `Kustomize Version: ${KUSTOMIZE}`];
  if (server) lines.push(`Server Version: ${server["gitVersion"] as string}`);
  return `${lines.join("\n")}\n`;
}

/** More than one minor version apart is not supported (kubectl pkg/cmd/version/skew_warning.go). */
function skewWarning(server: JsonObject): string | undefined {
  const minor = Number(server["minor"]);
  if (server["major"] === "1" && Math.abs(minor - 33) <= 1) return undefined;
  return `WARNING: version difference between client (1.33) and server (${server["major"] as string}.${server["minor"] as string}) exceeds the supported minor version skew of +/-1\n`;
}
