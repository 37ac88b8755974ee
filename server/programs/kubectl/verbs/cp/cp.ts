import { Errno } from "../../../../sim/host/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, integer, text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { copyFromPod } from "./from-pod.ts";
import { parseFileSpec } from "./file-spec.ts";
import { PodExec } from "./pod-exec.ts";
import { copyToPod } from "./to-pod.ts";

const FLAGS = {
  container: text("The container; the pod's default or first one if it is not given.", { shorthand: "c" }),
  "no-preserve": bool("Do not keep owner and mode of what is copied into a container."),
  retries: integer("How often a copy from a container may go on where it broke off; negative for ever.", 0),
} as const;

/** kubectl pkg/cmd/cp/cp.go: archives through `tar` in the container. */
export const cp = command({
  use: "cp <file-spec-src> <file-spec-dest>",
  summary: "Copy files and directories to and from containers",
  about: "Copy files and directories to and from containers. The container has to have a tar program.",
  examples: `# A file into a pod
kubectl cp index.html web:/usr/share/nginx/html/index.html

# A folder out of a container of a pod in another namespace
kubectl cp shop/web:/var/log/nginx logs -c nginx`,
  flags: FLAGS,
  arguments: { kind: "copied" },
  complete: ({ factory }) => ({ namespace: factory.config.namespace().name }),
  validate: (_, { args }) => (args.length === 2 ? undefined : { error: "source and destination are required" }),
  run,
});

async function run(
  { namespace }: { readonly namespace: string },
  { args, flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const [source, target] = args.map((word) => {
    const spec = parseFileSpec(word);
    if (spec) return spec;
    throw new GoError("filespec must match the canonical format: [[namespace/]pod:]file/path");
  });
  if (!source || !target) throw new Error("two arguments");
  if (source.pod !== "" && target.pod !== "")
    throw new GoError("one of src or dest must be a local file specification");
  if (source.path === "" || target.path === "") throw new GoError("filepath can not be empty");
  const remote = source.pod === "" ? target : source;
  if (remote.pod === "") throw new GoError("one of src or dest must be a remote file specification");
  const exec = new PodExec(factory, remote.namespace || namespace, remote.pod, flags.container);
  try {
    if (remote === source) await copyFromPod(process, exec, source, target.path, flags.retries);
    else await copyToPod(process, exec, source.path, target.path, flags["no-preserve"]);
  } catch (error) {
    if (error instanceof Errno) throw new GoError(error.message.toLowerCase());
    throw error;
  }
}
