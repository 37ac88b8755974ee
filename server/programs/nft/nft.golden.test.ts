import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../sim/kernel/index.ts";
import { runProgram, testHosts } from "../../sim/host/testing.ts";
import { addNamespace, bindNetwork, bringUp, Network } from "../../sim/net/index.ts";
import { DIRECTORY, words } from "../golden/suite.ts";
import { nft } from "./nft.ts";

const FILES = [
  { path: "/etc/services", text: "ssh 22/tcp\nhttp 80/tcp\n" },
  { path: "/etc/hosts", text: "127.0.0.1 localhost\n" },
];

interface Row {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

const fixtures = new URL("fixtures/", import.meta.url);
const names = readdirSync(fixtures).flatMap((file) => (file.endsWith(".json") ? [file.replace(".json", "")] : []));

describe("as the real nft 1.0.6", () => {
  test.each(names)("%s", async (name) => {
    const rows = JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), "utf8")) as Row[];
    const { host, hosts } = testHosts([nft], FILES);
    const network = new Network(hosts.kernel);
    const ns = addNamespace(network, "controlplane");
    bindNetwork(hosts, network);
    bringUp(ns, 1);
    Object.assign(hosts.profile("test").versions, { nftables: "1.0.6" });
    host.files.mkdir(DIRECTORY, { parents: true });
    for (const file of readdirSync(new URL("files/", fixtures)))
      host.files.write(`${DIRECTORY}/${file}`, encode(readFileSync(new URL(`files/${file}`, fixtures), "utf8")));
    const different: string[] = [];
    for (const row of rows) {
      const [command, input] = row.line.split(" <<< ") as [string, string?];
      const stdin = input === undefined ? "" : (host.readText(`${DIRECTORY}/${input}`) ?? "");
      const got = await runProgram(host, words(command), { stdin, cwd: DIRECTORY });
      const ran = { code: got.code, stdout: decode(got.stdout), stderr: decode(got.stderr) };
      const [real, ours] = [row, ran].map(({ code, stdout, stderr }) => masked(`[${code}] ${stdout}${stderr}`));
      if (real !== ours) different.push(`$ ${row.line}\nreal ${real}\nours ${ours}`);
    }
    if (different.length > 0) expect.fail(`${different.length} differ\n${different.join("\n")}`);
  });
});

/** Without how long elements are still there: recordings took their time. */
function masked(output: string): string {
  return output.replace(/expires [\w]+/g, "expires TIME");
}
