import { expect, test } from "vitest";
import type { Program } from "../../../../host/index.ts";
import { programStub, ROOT } from "../../../../host/index.ts";
import { decode, encode, SECOND } from "../../../../kernel/index.ts";
import { pods } from "../../../kinds/index.ts";
import { TestNodes } from "../../testing.ts";
import { containerdOf } from "../runtimes.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const DIRECTORY = "/etc/cni/net.d";

/** What the runtime says of a configuration directory with these files. */
async function loaded(files: Readonly<Record<string, string>>): Promise<string> {
  const world = await TestNodes.boot({ withoutCni: true });
  const { host } = world.machine("controlplane");
  for (const [name, text] of Object.entries(files)) host.files.write(`${DIRECTORY}/${name}`, encode(text));
  await world.pass(SECOND);
  const { cni } = containerdOf(world.machine("controlplane"));
  return cni.error ?? cni.network!.name;
}

const network = (name: string): string => JSON.stringify({ name, cniVersion: "1.0.0", plugins: [{ type: "testnet" }] });
const failed = (path: string, why: string): string =>
  `cni config load failed: failed to load CNI config list file ${DIRECTORY}/${path}: ${why}: invalid cni config: failed to load cni config`;

test("the first file by name counts, if its name ends as it should", async () => {
  expect(await loaded({ "20-b.conflist": network("b"), "10-a.conflist": network("a"), "05-c.bak": network("c") })).toBe(
    "a",
  );
  expect(await loaded({ "10-a.conflist.off": network("a") })).toBe(
    `cni config load failed: no network config found in ${DIRECTORY}: cni plugin not initialized: failed to load cni config`,
  );
});

test("a broken file hides those behind it", async () => {
  const good = { "99-good.conflist": network("good") };
  expect(await loaded({ "10-x.conflist": '{"name": "x", "plugins": []}', ...good })).toBe(
    failed("10-x.conflist", "error parsing configuration list: no plugins in list"),
  );
  expect(await loaded({ "10-x.conflist": '{"plugins": [{"type": "a"}]}', ...good })).toBe(
    failed("10-x.conflist", "error parsing configuration list: no name"),
  );
  expect(await loaded({ "10-x.conflist": '{"name": "x", "plugins": [{}]}', ...good })).toBe(
    failed("10-x.conflist", "failed to parse plugin config 0: error parsing configuration: missing 'type'"),
  );
  expect(await loaded({ "10-x.conflist": "{bad", ...good })).toBe(
    failed(
      "10-x.conflist",
      "error parsing configuration list: invalid character 'b' looking for beginning of object key string",
    ),
  );
});

interface Call {
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A plugin that remembers how it was called and does as `act` says. */
function spy(name: string, calls: Call[], act: (call: Call) => { out?: string; err?: string; code?: number }): Program {
  return {
    name: `cni/${name}`,
    summary: "test plugin",
    async run(process) {
      let text = "";
      for (let part = await process.read(0); part !== ""; part = await process.read(0)) text += part;
      const call = { env: process.env, config: JSON.parse(decode(text)) as Call["config"] };
      calls.push(call);
      const { out = "", err = "", code = 0 } = act(call);
      await process.print(out);
      await process.error(err);
      return code;
    },
  };
}

async function withPlugins(plugins: readonly Program[], conflist: object): Promise<TestNodes> {
  const world = (await TestNodes.boot()).fork({ programs: plugins });
  const { files } = world.machine("controlplane").host;
  for (const { name } of plugins)
    files.write(`/opt/cni/bin/${name.slice(4)}`, programStub(name), { mode: 0o755 }, { ...ROOT, umask: 0 });
  files.write(`${DIRECTORY}/10-test.conflist`, encode(JSON.stringify(conflist)));
  await world.pass(SECOND);
  return world;
}

test("plugins run one after the other on ADD, and the other way round on DEL", async () => {
  const calls: Call[] = [];
  const result = {
    cniVersion: "1.0.0",
    interfaces: [{ name: "eth0", sandbox: "x" }],
    ips: [{ address: "10.9.8.7/24", interface: 0 }],
  };
  const world = await withPlugins(
    [
      spy("first", calls, () => ({ out: JSON.stringify(result) })),
      spy("second", calls, ({ config }) => ({ out: JSON.stringify(config["prevResult"] ?? {}) })),
    ],
    {
      name: "net",
      cniVersion: "1.0.0",
      plugins: [
        { type: "first", mtu: 1400 },
        { type: "second", capabilities: { portMappings: true } },
      ],
    },
  );
  world.pod("web", {
    terminationGracePeriodSeconds: 1,
    containers: [{ ...nginx, ports: [{ containerPort: 80, hostPort: 8080 }] }],
  });
  await world.pass(2 * SECOND);
  const { uid } = world.get("web")!.metadata;
  expect(world.get("web")!.status.podIP).toBe("10.9.8.7");
  const [first, second] = calls;
  expect(first!.config).toEqual({ type: "first", mtu: 1400, name: "net", cniVersion: "1.0.0" });
  expect(second!.config).toEqual({
    type: "second",
    capabilities: { portMappings: true },
    name: "net",
    cniVersion: "1.0.0",
    prevResult: result,
    runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp", hostIP: "" }] },
  });
  const { CNI_COMMAND, CNI_IFNAME, CNI_PATH, CNI_ARGS, CNI_CONTAINERID, CNI_NETNS } = first!.env as Record<
    string,
    string
  >;
  expect([CNI_COMMAND, CNI_IFNAME, CNI_PATH]).toEqual(["ADD", "eth0", "/opt/cni/bin"]);
  expect(CNI_NETNS).toMatch(/^\/var\/run\/netns\/cni-[0-9a-f-]{36}$/);
  expect(CNI_ARGS).toBe(
    `IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=${CNI_CONTAINERID};K8S_POD_UID=${uid}`,
  );
  world.admin.delete(pods, "default", "web");
  await world.pass(4 * SECOND);
  expect(calls.slice(2).map(({ env, config }) => [env["CNI_COMMAND"], config["type"], config["prevResult"]])).toEqual([
    ["DEL", "second", result],
    ["DEL", "first", result],
  ]);
});

test.each([
  [
    { out: '{"code": 11, "msg": "no more addresses", "details": "in 10.9.8.0/24"}', code: 1 },
    "no more addresses; in 10.9.8.0/24",
  ],
  [{ code: 3 }, "netplugin failed with no error message: exit status 3"],
  [{ err: "hello\n", code: 1 }, 'netplugin failed: "hello\\n"'],
])("a plugin that fails: %o", async (end, words) => {
  const world = await withPlugins([spy("bad", [], ({ env }) => (env["CNI_COMMAND"] === "ADD" ? end : {}))], {
    name: "net",
    cniVersion: "1.0.0",
    plugins: [{ type: "bad" }],
  });
  world.pod("web", { containers: [nginx] });
  await world.pass(2 * SECOND);
  expect(world.events("web")[0]!.replace(/[0-9a-f]{64}/, "‹id›")).toBe(
    `Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "‹id›": plugin type="bad" failed (add): ${words}`,
  );
});
