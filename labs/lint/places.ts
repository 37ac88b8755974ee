import { Broken, listed, Scene } from "../../grader/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import type { PlacedLab } from "../load/lab-source.ts";

type Path = readonly PropertyKey[];

/** Machines, kinds and clusters that a lab's steps, checks and answers speak of, and that its world does not have. */
export function placeProblems(placed: PlacedLab, preset: World): string[] {
  const { lab, source } = placed;
  const scene = new Scene(preset);
  const problems: string[] = [];
  const complain = (path: Path, words: string): void => void problems.push(source.yaml.problem(path, words));
  const attempt = (path: Path, look: () => unknown): void => {
    try {
      look();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      complain(path, error.message);
    }
  };
  attempt(["terminal", "host"], () => scene.machine(lab.terminal.host));
  if (problems.length === 0 && !hasUser(placed, scene))
    complain(["terminal", "user"], `${lab.terminal.host} has no user ${lab.terminal.user}`);
  // Places that need a cluster: what each of them says of its absence says the same.
  const clustered: Path[] = [];
  const inCluster = (path: Path, look?: () => void): void => {
    if (!scene.hasCluster) clustered.push(path);
    else if (look) attempt(path, look);
  };
  // Definitions among the manifests may bring kinds of their own.
  const more = [...source.folder.files.values()].some((text) => text.includes("CustomResourceDefinition"));
  const visit = (value: unknown, path: Path): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = Array.isArray(value) ? [...path, Number(key)] : [...path, key];
      const machine = machineIn(key, inner, path);
      if (key === "manifest" && path.length === 2) inCluster(at);
      else if (key === "node" && typeof inner === "string" && path[0] === "setup")
        inCluster(at, () => nodeProblem(scene, inner));
      else if (machine !== undefined) attempt(at, () => scene.machine(machine));
      else if ((key === "object" || key === "objects") && typeof inner === "string" && !more)
        inCluster(at, () => kindProblem(scene, inner, value as Readonly<Record<string, unknown>>));
      else if (IN_A_CLUSTER.has(key) && path[0] === "tasks" && typeof inner === "string") inCluster(at);
      else visit(inner, at);
    }
  };
  visit(lab.setup, ["setup"]);
  visit(lab.tasks, ["tasks"]);
  const [first, ...others] = clustered;
  if (first)
    complain(
      first,
      `the world ${lab.preset} has no cluster, which this needs${others.length > 0 ? `, and ${others.length} other places of the lab` : ""}: write cluster: kubeadm in place of world: ${lab.preset}`,
    );
  return problems;
}

/** Fields of checks that only a cluster has. */
const IN_A_CLUSTER = new Set(["pod", "pods", "service", "nodePortOf", "through", "everythingIn", "staticPod"]);

/** A user may be made by the setup. */
function hasUser({ lab, source }: PlacedLab, scene: Scene): boolean {
  const { host, user } = lab.terminal;
  if (scene.machine(host).host.users.byName(user)) return true;
  const scripts = [...source.folder.files].filter(([file]) => file !== "lab.yaml" && !file.endsWith(".md"));
  return [JSON.stringify(lab.setup), ...scripts.map(([, text]) => text)].some((text) => text.includes(user));
}

/** The machine that a field names: `on`, where traffic starts (also a row of a matrix), or `host` of one of these. */
function machineIn(key: string, value: unknown, path: Path): string | undefined {
  const row = path.at(-1) === "from" && path.at(-2) === "matrix";
  if (key !== "on" && key !== "from" && !row) return undefined;
  if (typeof value === "string") return path.at(-1) === "file" && key === "from" ? undefined : value;
  if (typeof value !== "object" || value === null) return undefined;
  const { host } = value as { readonly host?: unknown };
  return typeof host === "string" ? host : undefined;
}

/** Throws Broken if there is no such node. */
function nodeProblem(scene: Scene, name: string): void {
  const names = scene.objects.nodes().map(({ metadata }) => metadata.name);
  if (!names.includes(name)) throw new Broken(`this cluster has no node ${name}; there are ${listed(names)}`);
}

/** Throws Broken if there is no such kind, or an object of it needs a namespace. */
function kindProblem(scene: Scene, reference: string, spec: Readonly<Record<string, unknown>>): void {
  const [name = ""] = reference.split("/");
  const kind = scene.objects.kind(name);
  if (reference.includes("/") && kind.namespaced && spec["namespace"] === undefined)
    throw new Broken(`${reference} is in a namespace: write it beside, as namespace: NAME`);
}
