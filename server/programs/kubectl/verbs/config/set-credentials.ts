import { command } from "../../cobra/command.ts";
import { bool, text, texts } from "../../cobra/flag.ts";
import { execFields, execProblem } from "./exec-user.ts";
import { helpError, putEntry, withFields } from "./entry.ts";
import { absolute, embedded } from "./files.ts";

const FLAGS = {
  "auth-provider": text("The provider of credentials."),
  "auth-provider-arg": texts("KEY=VALUE for the provider."),
  "client-certificate": text("File with the client certificate."),
  "client-key": text("File with the key of the client certificate."),
  "embed-certs": bool("Put certificate and key into the kubeconfig."),
  "exec-api-version": text("The API version of the command that gives credentials."),
  "exec-arg": texts("An argument of that command."),
  "exec-command": text("A command that gives credentials."),
  "exec-env": texts("KEY=VALUE for that command."),
  "exec-interactive-mode": text("Whether that command may ask: Never, IfAvailable or Always."),
  "exec-provide-cluster-info": bool("Tell that command of the cluster."),
  password: text("The password for basic authentication."),
  token: text("The bearer token."),
  username: text("The name for basic authentication."),
} as const;

export const setCredentials = command({
  use: "config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
  summary: "Set a user entry in kubeconfig",
  about:
    "Set a user in the kubeconfig. Of a user that is there, what is not given stays; a token and a password exclude each other.",
  examples: "# A token\nkubectl config set-credentials jane --token=abc",
  flags: FLAGS,
  complete: async (invocation) => {
    const { args, flags } = invocation;
    if (args.length !== 1) return helpError(invocation, `unexpected args: [${args.join(" ")}]`);
    const methods = [
      flags.token === "" ? "" : "--token",
      flags.username === "" && flags.password === "" ? "" : "--username/--password",
    ].filter((method) => method !== "");
    if (methods.length > 1)
      return {
        error: `you cannot specify more than one authentication method at the same time: ${methods.join(", ")}`,
      };
    if (flags["embed-certs"] && flags["client-certificate"] === "" && flags["client-key"] === "")
      return { error: "you must specify a --client-certificate or --client-key to embed" };
    const problem = execProblem(flags);
    if (problem)
      return problem.error.startsWith("invalid exec-env") || problem.error.startsWith("invalid auth")
        ? helpError(invocation, problem.error)
        : problem;
    return { name: args[0]! };
  },
  async run({ name }, { flags, given, factory, process }) {
    const old = factory.config.starting.users.get(name)?.value ?? {};
    const fields: Record<string, unknown> = {};
    for (const file of ["client-certificate", "client-key"] as const) {
      if (!given.has(file)) continue;
      const data = `${file}-data`;
      if (flags["embed-certs"]) Object.assign(fields, { [data]: embedded(process, flags[file], file), [file]: "" });
      else
        Object.assign(fields, {
          [file]: absolute(process, flags[file]),
          ...(flags[file] === "" ? {} : { [data]: "" }),
        });
    }
    if (given.has("token"))
      Object.assign(fields, { token: flags.token, ...(flags.token === "" ? {} : { username: "", password: "" }) });
    if (given.has("username")) Object.assign(fields, { username: flags.username, token: "" });
    if (given.has("password")) Object.assign(fields, { password: flags.password, token: "" });
    Object.assign(fields, execFields(old, flags, given));
    putEntry(factory, "users", name, withFields(old, fields));
    await process.print(`User ${JSON.stringify(name)} set.\n`);
  },
});
