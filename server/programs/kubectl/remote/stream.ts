import type { Process } from "../../../sim/host/index.ts";
import type { Container, Pod, Query, Status } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { ExitError, GoError } from "../errors/go-error.ts";
import { copyStdin } from "./stdin-copy.ts";
import type { RemoteStreams } from "../transport.ts";

/** What a user asked for with -i, -t and -q. */
export interface StreamOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
}

/** What becomes of it: a terminal only where standard input is one (kubectl pkg/cmd/exec/exec.go SetupTTY). */
export async function setupTty(
  process: Process,
  { stdin, tty, quiet }: StreamOptions,
): Promise<{ readonly stdin: boolean; readonly raw: boolean }> {
  if (!stdin || !tty) return { stdin, raw: false };
  if (process.isTty(0)) return { stdin, raw: true };
  if (!quiet) await process.error("Unable to use a TTY - input is not a terminal or the right kind of file\n");
  return { stdin, raw: false };
}

/** Opens exec or attach on a container and waits until it ends; throws how it ended, if not well. */
export async function stream(
  factory: Factory,
  pod: Pod,
  what: "exec" | "attach",
  container: Container["name"],
  parts: {
    readonly stdin: boolean;
    readonly raw: boolean;
    readonly command?: readonly string[];
    /** The process' own, unless said otherwise. */
    readonly streams?: RemoteStreams;
  },
): Promise<void> {
  const { process } = factory;
  const { stdin, raw, command } = parts;
  const query: Query = {
    ...(command ? { command } : {}),
    container: [container],
    ...(raw ? {} : { stderr: ["true"] }),
    ...(stdin ? { stdin: ["true"] } : {}),
    stdout: ["true"],
    ...(raw ? { tty: ["true"] } : {}),
  };
  const { namespace = "", name } = pod.metadata;
  const client = await factory.client();
  const connection = await client.upgrade({
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/pods/${name}/${what}`,
    query,
    subject: { group: "", resource: "pods", name },
  });
  const own = parts.streams ?? streamsOf(process, stdin, raw);
  // To a terminal the command is attached as it is; what attaches to a container pumps for itself.
  const copy = own.stdin && !own.tty && what === "exec" ? copyStdin(process, own.stdin) : undefined;
  try {
    const failure = failureOf(await connection.start(process, copy ? { ...own, stdin: copy.reader } : own));
    if (failure) throw failure;
  } finally {
    copy?.stop();
  }
}

/** The process' own descriptors. On a terminal all of them are the terminal. */
function streamsOf(process: Process, stdin: boolean, raw: boolean): RemoteStreams {
  const [input, output, errors] = [0, 1, 2].map((fd) => process.fds.find(fd));
  if (raw) return { stdin: input, stdout: output, stderr: output, tty: true };
  return { stdin: stdin ? input : undefined, stdout: output, stderr: errors, tty: false };
}

/** client-go tools/remotecommand errorDecoderV4 */
function failureOf(status: Status): GoError | undefined {
  if (status.status === "Success") return undefined;
  if (status.reason !== "NonZeroExitCode") return new GoError(status.message ?? "");
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
  if (!cause) return new GoError("error stream protocol error: no ExitCode cause given");
  const code = Number(cause.message);
  return new ExitError(code, `command terminated with exit code ${code}`);
}
