import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode, fromUint8Array } from "../../sim/kernel/index.ts";
import { runProgram, testHosts } from "../../sim/host/testing.ts";
import { OPENSSL_CONFIG, type Host, type Program } from "../../sim/host/index.ts";
import { createRegistry } from "../registry.ts";
import { masked, type RecordedLine } from "./golden/lines.ts";

/** As the real openssl 3.0: golden/record.ts records. */
const rows = JSON.parse(readFileSync(new URL("golden/recorded.json", import.meta.url), "utf8")) as RecordedLine[];
const folder = new URL("golden/files/", import.meta.url);
const NO_NETWORK = "needs a network: server/commands/exec/openssl.test.ts";
/** What differs, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "openssl x509 -in bad64.crt -noout -subject": "how often the store tries to make something of what is no PEM",
  "openssl s_client -connect 127.0.0.1:1 </dev/null": NO_NETWORK,
  "openssl s_client -connect localhost </dev/null": NO_NETWORK,
};
const WORK = "/tmp/openssl-golden";

const registry = createRegistry([]);
const names = "bash openssl cat base64 cp cut head ls sha256sum stat wc xxd".split(" ");
const programs = await Promise.all(names.map(async (name) => (await registry.find(name)) as Program));

function machine(): Host {
  const { host } = testHosts(programs, [{ path: "/usr/lib/ssl/openssl.cnf", text: OPENSSL_CONFIG }]);
  host.files.mkdir(WORK, { parents: true });
  for (const name of readdirSync(folder))
    host.files.write(`${WORK}/${name}`, fromUint8Array(readFileSync(new URL(name, folder))));
  Object.assign(host.hosts.profile("test").versions, { openssl: "3.0.19" });
  return host;
}

describe("as the real openssl", () => {
  test.each(rows.filter(({ line }) => EXCEPTIONS[line] === undefined))("$line", async ({ line, ...expected }) => {
    const ran = await runProgram(machine(), ["bash", "-c", line], {
      cwd: WORK,
      env: { PATH: "/usr/bin:/bin", HOME: "/root", LC_ALL: "C.UTF-8", TZ: "UTC" },
    });
    const got = { stdout: masked(decode(ran.stdout)), stderr: masked(decode(ran.stderr)), code: ran.code };
    expect(got).toEqual(expected);
  });
});
