import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CLI, ServeProcess } from "./testing.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "drydock-serve-"));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Exit code, stdout and stderr of another command. */
function cli(args: readonly string[], input = ""): [number | null, string, string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { input, encoding: "utf8" });
  return [status, stdout, stderr];
}

function serve(args: readonly string[], environment?: Record<string, string>): ServeProcess {
  const process = new ServeProcess(args, environment);
  closing.push(() => process.end("SIGKILL"));
  return process;
}

describe("drydock serve", () => {
  it("says where it is and where attempts are, serves, and ends in order at a signal", async () => {
    const data = join(folder(), "deep/data");
    const process = serve(["--port", "0", "--data", data]);
    const address = await process.ready();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(`${address}healthz`)).headers.get("content-type")).toMatch("application/json");
    const { code, ms } = await process.end("SIGTERM");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    expect(process.stdout).toBe(`Drydock is ready: ${address}\nAttempts are kept in ${data}\n`);
    for (const line of process.stderr.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
  });

  it("listens on other addresses only where there is an account", async () => {
    const data = folder();
    const process = serve(["--host", "0.0.0.0", "--port", "0", "--data", data]);
    expect((await process.end()).code).toBe(2);
    expect(process.stderr).toBe(
      "drydock: serve: --host 0.0.0.0: there are no accounts yet, so whoever reaches it could use it. Make one first: " +
        `npm run -s drydock -- accounts add NAME --role admin --data ${data}; or listen on 127.0.0.1\n`,
    );
    const add = ["accounts", "add", "Ada", "--role", "admin", "--data", data];
    expect(cli(add, "correct horse battery\n")).toEqual([0, "Ada can sign in (admin).\n", ""]);
    const again = serve(["--host", "0.0.0.0", "--port", "0", "--data", data]);
    const address = (await again.ready()).replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${address}api/catalogue`)).status).toBe(401);
    const [code, , words] = cli(["accounts", "list", "--data", data]);
    expect([code, words]).toEqual([65, expect.stringMatching(/^drydock: accounts: .*in use/)]);
  });

  it("says that a port is taken, and by how much to move", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    closing.push(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const process = serve(["--port", String(port), "--data", folder()], { DRYDOCK_LOG: "error" });
    expect((await process.end()).code).toBe(69);
    expect(process.stderr).toBe(
      `drydock: serve: port ${port} of 127.0.0.1 is taken by another program, perhaps another Drydock. ` +
        `Choose another: --port ${port + 1}\n`,
    );
  });

  it("says that data cannot be kept: no folder, not a database, another server's", async () => {
    const path = folder();
    writeFileSync(join(path, "file"), "");
    const file = serve(["--port", "0", "--data", join(path, "file")], { DRYDOCK_LOG: "error" });
    expect((await file.end()).code).toBe(69);
    expect(file.stderr).toMatch(/^drydock: serve: .*Choose another: --data DIR\n$/);

    const data = join(path, "data");
    await serve(["--port", "0", "--data", data]).ready();
    const second = serve(["--port", "0", "--data", data], { DRYDOCK_LOG: "error" });
    expect((await second.end()).code).toBe(69);
    expect(second.stderr).toMatch(/^drydock: serve: .*\n$/);
  });

  it("refuses options and operands that it does not know", async () => {
    for (const args of [["--prot", "1"], ["8080"], ["--port", "http"]]) expect((await serve(args).end()).code).toBe(2);
  });
});
