import {
  errors,
  flag,
  invalid,
  parameter,
  type ApiRequest,
  type Container,
  type Pod,
  type StreamSubresource,
  type Verb,
} from "../../../api/index.ts";

/** log, exec, attach, portforward: what the server checks before it asks the Pod's node (pkg/registry/core/pod/strategy.go). */
export const log = stream("Pod", ["get"], (pod, request) => {
  checkLogOptions(request);
  checkContainer(pod, parameter(request.query, "container"));
});
export const exec = stream("PodExecOptions", ["create", "get"], checkStream);
export const attach = stream("PodAttachOptions", ["create", "get"], checkStream);
export const portForward = stream("PodPortForwardOptions", ["create", "get"], checkNode);

function stream(
  kind: string,
  verbs: readonly Verb[],
  check: (pod: Pod, request: ApiRequest) => void,
): StreamSubresource<Pod> {
  return { type: "stream", verbs, as: { group: "", version: "v1", kind }, check };
}

function checkStream(pod: Pod, request: ApiRequest): void {
  if (!["stdin", "stdout", "stderr"].some((name) => flag(request.query, name)))
    throw errors.badRequest("you must specify at least 1 of stdin, stdout, stderr");
  checkContainer(pod, parameter(request.query, "container"));
  checkNode(pod);
}

function checkNode({ metadata, spec }: Pod): void {
  if (!spec.nodeName) throw errors.badRequest(`pod ${metadata.name} does not have a host assigned`);
}

function checkContainer({ metadata, spec }: Pod, container: string): void {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  if (container !== "") {
    const known = [...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === container);
    if (!known) throw errors.badRequest(`container ${container} is not valid for pod ${metadata.name}`);
    return;
  }
  if (containers.length === 1) return;
  const list = (all: readonly Container[]): string => `[${all.map(({ name }) => name).join(" ")}]`;
  const inits = initContainers.length > 0 ? ` or one of the init containers: ${list(initContainers)}` : "";
  throw errors.badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: ${list(containers)}${inits}`,
  );
}

/** pkg/apis/core/validation ValidatePodLogOptions */
function checkLogOptions({ query }: ApiRequest): void {
  for (const name of ["tailLines", "limitBytes", "sinceSeconds"]) {
    const value = parameter(query, name);
    if (value === "") continue;
    if (!/^-?\d+$/.test(value))
      throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    const least = name === "tailLines" ? 0 : 1;
    if (Number(value) >= least) continue;
    const message = least === 0 ? "must be greater than or equal to 0" : "must be greater than 0";
    throw errors.invalid({ group: "", kind: "PodLogOptions" }, "", [invalid(name, Number(value), message)]);
  }
}
