/**
 * Checks the import rules of the design with dependency-cruiser. Each layer may import itself and the layers that it
 * names, and what those may import. Run by `npm run imports`.
 */
import swc from "@swc/core";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

const layers: Record<string, { path: string; imports: string[] }> = {
  kernel: { path: "server/sim/kernel", imports: [] },
  host: { path: "server/sim/host", imports: ["kernel"] },
  net: { path: "server/sim/net", imports: ["host"] },
  images: { path: "server/sim/images", imports: ["net"] },
  pki: { path: "server/sim/kube/pki", imports: ["kernel"] },
  api: { path: "server/sim/kube/api", imports: ["images", "pki"] },
  kinds: { path: "server/sim/kube/kinds", imports: ["api"] },
  kube: {
    path: "server/sim/kube/(cluster|access|components|controllers|scheduler|kubelet|addons|kubeadm|reach-oracle)",
    imports: ["kinds"],
  },
  docker: { path: "server/sim/docker", imports: ["kube"] },
  world: { path: "server/sim/(world|presets)", imports: ["docker"] },
  shell: { path: "server/shell", imports: ["world"] },
  programs: { path: "server/programs", imports: ["shell"] },
  grader: { path: "grader", imports: ["programs"] },
  labs: { path: "labs", imports: ["grader"] },
  actor: { path: "server/sessions/actor", imports: ["labs", "recording", "protocol"] },
  report: { path: "grader/(result|trace)", imports: [] },
  protocol: { path: "server/sessions/protocol", imports: ["report"] },
  recording: { path: "server/recording", imports: [] },
  store: { path: "server/store", imports: ["protocol"] },
  pool: { path: "server/sessions/pool", imports: ["protocol", "store"] },
  attempts: { path: "server/attempts", imports: ["pool", "recording"] },
  accounts: { path: "server/accounts", imports: ["store"] },
  classes: { path: "server/classes", imports: ["attempts", "accounts"] },
  reviews: { path: "server/reviews", imports: ["attempts"] },
  authoring: { path: "server/authoring", imports: ["attempts"] },
  http: { path: "server/http", imports: ["attempts", "accounts", "classes", "reviews", "authoring"] },
  app: { path: "server/(app|config|main)", imports: ["http"] },
  web: { path: "web", imports: ["protocol"] },
  command: { path: "server/(cli|commands)", imports: ["actor", "app"] },
};

/** All layers that `name` may import from, itself included. */
function reach(name: string): Set<string> {
  const seen = new Set([name]);
  for (const layer of seen) for (const next of layers[layer]!.imports) seen.add(next);
  return seen;
}

// dependency-cruiser never tells swc that a file has JSX (src/extract/swc/parse.mjs).
const parseFile = swc.parseFileSync;
swc.parseFileSync = ((file, options) =>
  parseFile(file, { ...options, syntax: "typescript", tsx: file.endsWith(".tsx") })) as typeof parseFile;

const FOLDERS = ["server", "grader", "labs", "web"];
const ours = "^(server|grader|labs|web)/";
const tests = "\\.(test|e2e|bench|check)\\.ts$";
const forbidden = Object.entries(layers).map(([name, layer]) => {
  const allowed = [...reach(name)].map((other) => layers[other]!.path);
  return {
    name: `${name} imports only ${[...reach(name)].join(", ")}`,
    severity: "error" as const,
    from: { path: `^${layer.path}(/|\\.ts$)`, pathNot: tests },
    to: { path: ours, pathNot: `^(${allowed.join("|")})(/|\\.ts$)` },
  };
});

const result = await cruise(
  FOLDERS.filter((folder) => sources(folder).length > 0),
  {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules" },
    validate: true,
    ruleSet: {
      forbidden: [
        ...forbidden,
        {
          name: "every source file belongs to a layer",
          severity: "error",
          from: {
            path: "^server/",
            pathNot: `^(${Object.values(layers)
              .map((layer) => layer.path)
              .join("|")})(/|\\.ts$)|^server/[a-z.]+\\.ts$`,
          },
          to: {},
        },
      ],
    },
  },
);
const { summary, modules } = result.output as ICruiseResult;

const expected = FOLDERS.flatMap(sources).length;
const seen = modules.filter((module) => isSource(module.source) && !module.source.includes("node_modules")).length;
const edges = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
if (seen < expected || edges < expected) {
  console.error(`imports: saw ${seen} of ${expected} files and ${edges} imports: the parser does not read them`);
  process.exit(1);
}
for (const violation of summary.violations)
  console.error(`imports: ${violation.from} -> ${violation.to}: ${violation.rule.name}`);
const cycles = findCycles(FOLDERS.flatMap((folder) => sources(folder).map((file) => join(folder, file))));
for (const cycle of cycles) console.error(`imports: a cycle at run time: ${cycle.join(" -> ")}`);
const broken = summary.violations.length + cycles.length;
console.log(`imports: ${seen} files, ${edges} imports, ${broken} against the rules`);
process.exit(broken > 0 ? 1 : 0);

/** Cycles of imports that exist at run time. (dependency-cruiser's swc parser does not tell type imports apart.) */
function findCycles(files: readonly string[]): string[][] {
  const imports = new Map(files.map((file) => [file, runtimeImports(file)]));
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "open") cycles.push([...path.slice(path.indexOf(file)), file]);
    if (state.has(file)) return;
    state.set(file, "open");
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  return cycles;
}

function runtimeImports(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const code = file.endsWith(".tsx") ? source : stripTypeScriptTypes(source);
  return [...code.matchAll(/^(?:import|export)\b(?! type\b)[^;"]*?"(\.[^"]+)"/gm)].map((match) =>
    join(dirname(file), match[1]!),
  );
}

function isSource(file: string): boolean {
  return /\.tsx?$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file);
}

function sources(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isSource);
  } catch {
    return [];
  }
}
