/** What of docker/ can be proved without a container engine: that the image holds what the server needs, and no more. */
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import manifest from "../package.json" with { type: "json" };
import { readConfig } from "./config.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Instruction {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly rest: string;
}

interface Stage {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

const stages = readStages(read("docker/Dockerfile"));
const image = stages.at(-1)!;
const ignored = read("docker/Dockerfile.dockerignore")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

function readStages(text: string): Stage[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n/g, " ")
    .split("\n");
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const line of lines.filter((line) => line.trim() !== "")) {
    const [name = "", ...words] = line.trim().split(/\s+/);
    const flags = Object.fromEntries(
      words.filter((word) => word.startsWith("--") && word.includes("=")).map((word) => word.slice(2).split("=", 2)),
    ) as Record<string, string>;
    if (name === "FROM") stages.push({ name: words[2]!, from: words[0]!, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, flags, rest: line.trim().slice(name.length).trim() });
  }
  return stages;
}

/** `COPY` of a stage: from which stage (undefined: this repository), what, and where to. */
function copies(
  stage: Stage,
): { readonly from: string | undefined; readonly sources: string[]; readonly to: string }[] {
  return all(stage, "COPY").map(({ flags, rest }) => {
    const paths = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
    return { from: flags["from"], sources: paths.slice(0, -1), to: paths.at(-1)! };
  });
}

function all(stage: Stage, name: string): Instruction[] {
  return stage.instructions.filter((instruction) => instruction.name === name);
}

/** Whether a file of the repository gets into the build: as .dockerignore's patterns that we use say, the last one wins. */
function sent(path: string): boolean {
  let sends = true;
  for (const pattern of ignored) {
    const negated = pattern.startsWith("!");
    if (matches(negated ? pattern.slice(1) : pattern, path)) sends = negated;
  }
  return sends;
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replaceAll(/[.]/g, "\\.")
    .replaceAll("**/", "(?:.+/)?")
    .replaceAll(/(?<!\?:\.\+\/\)|\))\*/g, "[^/]*");
  return new RegExp(`^${source}(?:/.*)?$`).test(path);
}

/** Whether the image holds a file of the repository. */
function inImage(path: string): boolean {
  return (
    sent(path) && copies(image).some(({ from, sources }) => !from && sources.some((source) => within(source, path)))
  );
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Files and packages that are loaded from `entries` on, now or later: imports, requires, and threads' entry files. */
function reachable(entries: readonly string[]): {
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlyMap<string, string>;
} {
  const files = new Set(entries);
  const packages = new Map<string, string>();
  for (const file of files) {
    if (!/\.[jt]s$/.test(file)) continue;
    const found = read(file).matchAll(
      /^(?:import|export)\s+(?!type\s)(?:[\w$*{},\s]+?\sfrom\s+)?"([^"]+)"|\b(?:import|require)\("([^"]+)"|new URL\("([^"]+\.(?:[jt]s|json))", import\.meta\.url\)/gm,
    );
    for (const [, static_, call, url] of found) {
      const name = static_ ?? call ?? `./${url!}`;
      if (name.startsWith(".")) files.add(join(dirname(file), name));
      else packages.set(packageOf(name), file);
    }
  }
  return { files, packages };
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

const Lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });
const ENTRY = "server/cli.ts";

describe("the image", () => {
  test("is made of what is there", () => {
    const names = stages.map((stage) => stage.name);
    expect(names).toEqual(["page", "modules", "server"]);
    expect(new Set(stages.map((stage) => stage.from))).toEqual(new Set(["${NODE}"]));
    for (const stage of stages)
      for (const { from, sources } of copies(stage)) {
        if (from !== undefined) expect(names.slice(0, names.indexOf(stage.name))).toContain(from);
        else
          for (const source of sources)
            expect([source, existsSync(join(root, source)), sent(source)]).toEqual([source, true, true]);
      }
  });

  test("runs on the Node that the manifest asks for", () => {
    const [, major] = /^ARG NODE=node:(\d+)-\w+-slim$/m.exec(read("docker/Dockerfile"))!;
    expect(manifest.engines.node).toBe(`>=${major}`);
    expect(manifest.devDependencies.node.split(".")[0]).toBe(major);
  });

  test("holds the page as its stage builds it, and packages without those of development", () => {
    expect(copies(image)).toContainEqual({ from: "page", sources: ["/app/web/dist"], to: "web/dist" });
    expect(copies(image)).toContainEqual({ from: "modules", sources: ["/app/node_modules"], to: "node_modules" });
    expect(all(stages[0]!, "RUN").map(({ rest }) => rest)).toContain("npm run build");
    const installs = all(stages[1]!, "RUN").map(({ rest }) => rest.replace(/^--mount=\S+ /, ""));
    expect(installs).toEqual(["npm ci --omit=dev --omit=optional --ignore-scripts"]);
    expect(all(image, "RUN").filter(({ rest }) => /\b(npm|npx|apt-get|curl)\b/.test(rest))).toEqual([]);
  });

  test("holds every file and package that the server can load", () => {
    const { files, packages } = reachable([ENTRY, "server/store/index.ts", "server/sessions/pool/index.ts"]);
    expect(files.size).toBeGreaterThan(1_000);
    expect([...files].filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect([...files].filter((file) => !inImage(file))).toEqual([]);
    const lock = Lock.parse(JSON.parse(read("package-lock.json")));
    const missing = [...packages].filter(
      ([name]) =>
        !builtinModules.includes(name) &&
        !name.startsWith("node:") &&
        (!Object.hasOwn(manifest.dependencies, name) || lock.packages[`node_modules/${name}`]?.dev !== undefined),
    );
    expect(missing).toEqual([]);
    expect([...packages.keys()]).toContain("better-sqlite3");
  });

  test("leaves tests, their samples and what is built here outside", () => {
    for (const path of [
      "server/docker.test.ts",
      "server/store/fixtures/version-1.sql",
      "web/dist/index.html",
      ".git/HEAD",
    ])
      expect([path, inImage(path)]).toEqual([path, false]);
    for (const path of ["node_modules/zod/package.json", "web/main.tsx", "README.md"])
      expect(inImage(path)).toBe(false);
    for (const path of ["server/store/sqlite/thread.ts", "labs/README.md", "package.json"])
      expect(inImage(path)).toBe(true);
  });

  test("runs the server as nobody special, which says how it is and stops when told", () => {
    expect(all(image, "USER").map(({ rest }) => rest)).toEqual(["node"]);
    expect(image.instructions.findLastIndex(({ name }) => name === "RUN")).toBeLessThan(
      image.instructions.findIndex(({ name }) => name === "USER"),
    );
    expect(all(image, "ENTRYPOINT").map(({ rest }) => rest)).toEqual([`["node", "${ENTRY}"]`]);
    expect(all(image, "CMD").map(({ rest }) => rest)).toEqual([`["serve"]`]);
    expect(all(image, "STOPSIGNAL").map(({ rest }) => rest)).toEqual(["SIGTERM"]);
    expect(all(image, "VOLUME").map(({ rest }) => rest)).toEqual(["/data"]);
    expect(all(image, "HEALTHCHECK")[0]?.rest).toContain("/healthz");
  });

  test("has settings that the server takes: data in the volume, loopback only", () => {
    const variables = all(image, "ENV")[0]!
      .rest.split(/\s+/)
      .map((pair) => pair.split("=", 2) as [string, string]);
    const environment = Object.fromEntries(variables);
    expect(readConfig(environment)).toMatchObject({ host: "127.0.0.1", port: 8080, data: "/data" });
    expect(environment["NODE_COMPILE_CACHE"]).toMatch(/^\/tmp\//);
  });
});

describe("the compose file", () => {
  const Service = z.strictObject({
    image: z.string(),
    build: z.strictObject({ context: z.string(), dockerfile: z.string() }),
    network_mode: z.string(),
    environment: z.record(z.string(), z.string()),
    volumes: z.array(z.string()),
    read_only: z.boolean(),
    tmpfs: z.array(z.string()),
    cap_drop: z.array(z.string()),
    security_opt: z.array(z.string()),
    mem_limit: z.string(),
    pids_limit: z.number(),
    stop_grace_period: z.string(),
    restart: z.string(),
  });
  const Compose = z.strictObject({
    name: z.string(),
    services: z.strictObject({ drydock: Service }),
    volumes: z.record(z.string(), z.null()),
  });
  const compose = Compose.parse(parse(read("docker/compose.yaml")));
  const service = compose.services.drydock;

  test("builds this image from this repository", () => {
    expect(existsSync(join(root, "docker", service.build.context, service.build.dockerfile))).toBe(true);
    expect(join(root, "docker", service.build.context)).toBe(root);
  });

  test("gives the container nothing that it does not need", () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    expect(service.tmpfs.map((mount) => mount.split(":")[0])).toEqual(["/tmp"]);
    expect(service.volumes).toEqual(["attempts:/data"]);
    expect(Object.keys(compose.volumes)).toEqual(["attempts"]);
    expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(5);
  });

  test("publishes nothing: the server listens on the machine's loopback itself", () => {
    expect(service.network_mode).toBe("host");
    const environment = Object.fromEntries(
      Object.entries(service.environment).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, "$1")]),
    );
    expect(readConfig(environment)).toMatchObject({ host: "127.0.0.1", port: 8080, log: "info" });
  });
});
