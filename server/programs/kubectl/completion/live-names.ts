import type { Container, ContainerPort, JsonObject, Pod, Service } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { GoError } from "../errors/go-error.ts";
import { attachablePod } from "../polymorphic/attachable-pod.ts";
import { namesOf as tuplesOf, typesAndNames } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";
import { nameOf } from "../resource/info.ts";
import { gettable } from "../verbs/api-resources.ts";
import { MILLISECOND } from "../../../sim/kernel/index.ts";

/** What the server has, asked for as `kubectl get` does (kubectl pkg/util/completion). What goes wrong offers nothing. */

/** The names of all objects of a type, or of several: `po,svc`. */
export async function namesOf(factory: Factory, types: string, namespace?: string): Promise<string[]> {
  return (await objectsOf(factory, [types], namespace)).map(nameOf);
}

/** Types that can be got: the core group's, then `deployments.apps`. */
export async function typeNames(factory: Factory): Promise<string[]> {
  const { discovery } = await factory.mapper();
  const resources = (await orNothing(discovery.resources())) ?? [];
  return gettable(resources).map(({ name, group }) => (group === "" ? name : `${name}.${group}`));
}

/** The containers of what is named POD or TYPE/NAME. */
export async function containersOf(factory: Factory, resource: string): Promise<string[]> {
  const pod = await podOf(factory, resource);
  const { initContainers = [], containers = [] } = pod?.spec ?? {};
  return [...initContainers, ...containers].map(({ name }: Container) => name);
}

/** `LOCAL:PORT` for each port, LOCAL being what was typed before a colon, or the port itself. */
export async function portsOf(factory: Factory, resource: string, typed: string): Promise<string[]> {
  const [type = "", name] = resource.split("/");
  const ports =
    name !== undefined && ["service", "services", "svc"].includes(type)
      ? ((await objectsOf(factory, ["service", name])) as unknown as Service[]).flatMap(({ spec }) =>
          (spec?.ports ?? []).map(({ port }) => port),
        )
      : ((await podOf(factory, resource))?.spec?.containers ?? []).flatMap(({ ports = [] }) =>
          ports.map(({ containerPort }: ContainerPort) => containerPort),
        );
  const local = typed.split(":")[0]!;
  return ports.map((port) => `${typed === "" ? port : local}:${port}`);
}

async function podOf(factory: Factory, resource: string): Promise<Pod | undefined> {
  const name = resource.includes("/") ? await podNameOf(factory, resource) : resource;
  if (name === undefined) return undefined;
  return (await objectsOf(factory, ["pod", name]))[0] as unknown as Pod | undefined;
}

/** The Pod behind TYPE/NAME; one that is not there in a moment is not waited for. */
async function podNameOf(factory: Factory, resource: string): Promise<string | undefined> {
  const pod = async (): Promise<Pod> => {
    const { name: namespace } = factory.config.namespace();
    const result = await findResources(factory, {
      namespace,
      continueOnError: true,
      selection: { tuples: tuplesOf("pods", [resource]), types: [], names: [] },
    });
    const [info] = await result.all();
    return attachablePod(factory, info!.object!, 100 * MILLISECOND);
  };
  return (await orNothing(pod()))?.metadata.name;
}

async function objectsOf(
  factory: Factory,
  args: readonly string[],
  namespace?: string,
): Promise<readonly JsonObject[]> {
  const find = async (): Promise<JsonObject[]> => {
    const configured = namespace === undefined ? factory.config.namespace() : { name: namespace, explicit: true };
    const result = await findResources(factory, {
      namespace: configured.name,
      enforceNamespace: configured.explicit,
      chunkSize: 500,
      selection: await typesAndNames(args, () => factory.mapper()),
      allowEmptySelector: true,
      latest: true,
      flatten: true,
      continueOnError: true,
    });
    return (await result.infos()).infos.map(({ object }) => object!);
  };
  return (await orNothing(find())) ?? [];
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return undefined;
  }
}
