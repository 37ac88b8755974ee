import { MILLISECOND, parseRfc3339, rfc3339, SECOND, type Bytes, type Duration } from "../../../../sim/kernel/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text } from "../../cobra/flag.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { quote, type Failure } from "../../output/index.ts";
import { namesOf } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { POD_RUNNING_TIMEOUT } from "../exec.ts";
import { inParallel } from "../../parallel.ts";
import { consumeLog, logQuery, type LogOptions } from "./consume.ts";
import { logRequests, type LogRequest } from "./requests.ts";

const FLAGS = {
  "all-containers": bool("The logs of all containers of the pods."),
  "all-pods": bool("The logs of all pods of the resource, each line with its pod."),
  container: text("The container.", { shorthand: "c" }),
  follow: bool("Go on with what is logged from now on.", { shorthand: "f" }),
  "ignore-errors": bool("With --follow: one log that fails does not end the others."),
  "insecure-skip-tls-verify-backend": bool("Do not check the identity of the kubelet that the log comes from."),
  "limit-bytes": integer("At most that many bytes; 0 is all.", 0),
  "max-log-requests": integer("How many logs may be followed at once.", 5),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 20),
  prefix: bool("Print each line with its pod and container."),
  previous: bool("The log of the container's run before the current one.", { shorthand: "p" }),
  selector: text("Only pods with these labels.", { shorthand: "l" }),
  since: duration("Only lines of that last span of time: 5s, 2m, 3h.", 0),
  "since-time": text("Only lines after that time (RFC 3339)."),
  tail: integer("Only the last lines; -1 is all. 10 with a selector.", -1),
  timestamps: bool("Print each line with its time."),
} as const;

interface Options {
  readonly resource: string;
  readonly namespace: string;
  readonly timeout: Duration;
  readonly log: LogOptions;
  readonly allContainers: boolean;
  readonly prefix: boolean;
}

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

export const logs = command({
  use: "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
  summary: "Print the logs for a container in a pod",
  about: "Print the logs for a container in a pod or specified resource. A pod's only container need not be named.",
  examples: `# A pod's log
kubectl logs web

# As it goes on, of one container
kubectl logs -f web -c nginx

# The last 20 lines of the run before
kubectl logs --tail=20 -p web`,
  flags: FLAGS,
  arguments: { kind: "pods", next: "containers" },
  complete,
  validate,
  run,
});

function complete(invocation: Invocation<typeof FLAGS>): Options | Failure {
  const { args, flags, given, factory } = invocation;
  if (args.length === 0 && flags.selector === "") return usageError(invocation, USAGE);
  if (args.length === 1 && flags.selector !== "")
    return usageError(invocation, "only a selector (-l) or a POD name is allowed");
  if (args.length > 2) return usageError(invocation, USAGE);
  const { name: namespace } = factory.config.namespace();
  if (flags["pod-running-timeout"] <= 0) return { error: "--pod-running-timeout must be higher than zero" };
  const sinceTime = flags["since-time"] === "" ? undefined : parseRfc3339(flags["since-time"]);
  if (flags["since-time"] !== "" && sinceTime === undefined)
    return {
      error: `parsing time ${quote(flags["since-time"])} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(flags["since-time"])} as "2006"`,
    };
  const selectorTail = flags.selector !== "" && flags.tail === -1 && !given.has("tail") ? 10 : undefined;
  return {
    resource: args[0] ?? "",
    namespace,
    timeout: flags["pod-running-timeout"],
    allContainers: flags["all-containers"],
    prefix: flags.prefix || flags["all-pods"],
    log: {
      container: args.length === 2 ? args[1]! : flags.container,
      follow: flags.follow,
      previous: flags.previous,
      timestamps: flags.timestamps,
      insecureSkipTLSVerifyBackend: flags["insecure-skip-tls-verify-backend"],
      sinceSeconds: flags.since === 0 ? undefined : Math.round((flags.since + MILLISECOND / 1000) / SECOND),
      sinceTime: sinceTime === undefined ? undefined : rfc3339(sinceTime),
      limitBytes: flags["limit-bytes"] === 0 ? undefined : flags["limit-bytes"],
      tailLines: selectorTail ?? (flags.tail === -1 ? undefined : flags.tail),
    },
  };
}

function validate({ log }: Options, { flags, given, args }: Invocation<typeof FLAGS>): Failure | undefined {
  if (flags["since-time"] !== "" && flags.since !== 0)
    return { error: "at most one of `sinceTime` or `sinceSeconds` may be specified" };
  if (flags["all-containers"] && log.container !== "")
    return { error: `--all-containers=true should not be specified with container name ${log.container}` };
  if (given.has("container") && args.length === 2)
    return { error: "only one of -c or an inline [CONTAINER] arg is allowed" };
  if (flags["limit-bytes"] < 0) return { error: "--limit-bytes must be greater than 0" };
  if (log.sinceSeconds !== undefined && log.sinceSeconds < 0) return { error: "--since must be greater than 0" };
  if (log.tailLines !== undefined && log.tailLines < -1) return { error: "--tail must be greater than or equal to -1" };
  return undefined;
}

async function run(options: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { resource, namespace, log } = options;
  const result = await findResources(factory, {
    namespace,
    singleType: true,
    labels: flags.selector,
    selection: {
      tuples: resource === "" ? [] : namesOf("pods", [resource]),
      types: flags.selector === "" ? [] : ["pods"],
      names: [],
    },
  });
  const { infos, error } = await result.infos();
  if (isReason(error, "NotFound"))
    throw new GoError(`error from server (NotFound): ${error.message} in namespace ${quote(namespace)}`);
  if (error) throw error;
  const object = infos[0]!.object!;
  if (flags.selector !== "" && (object["items"] as unknown[]).length === 0)
    await process.error(`No resources found in ${namespace} namespace.\n`);
  const requests = await logRequests(factory, object, {
    container: log.container,
    allContainers: options.allContainers,
    allPods: flags["all-pods"],
    timeout: options.timeout,
  });
  const consume = async (request: LogRequest): Promise<void> => {
    const { pod, container } = request;
    const prefix = options.prefix ? `[pod/${pod.metadata.name}/${container}] ` : "";
    await consumeLog(factory, pod, logQuery({ ...log, container }), (lines) =>
      process.write(1, prefixed(prefix, lines)),
    );
  };
  if (!log.follow || requests.length < 2) {
    for (const request of requests) await consume(request);
    return;
  }
  const most = flags["max-log-requests"];
  if (requests.length > most)
    throw new GoError(
      `you are attempting to follow ${requests.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
    );
  await inParallel(
    process,
    requests.map((request) => async () => {
      try {
        await consume(request);
      } catch (failure) {
        if (!flags["ignore-errors"] || !(failure instanceof GoError)) throw failure;
        await process.print(`error: ${failure.message}\n`);
      }
    }),
  );
}

/** Each line of some with the prefix before it. */
function prefixed(prefix: string, lines: Bytes): Bytes {
  return prefix === "" ? lines : lines.replace(/^(?=[\s\S])/gm, prefix);
}
