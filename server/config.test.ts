import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

it("takes options before the environment before defaults", () => {
  const config = readConfig({ DRYDOCK_PORT: "9000", DRYDOCK_DATA: "/var/a", DRYDOCK_LOG: "" }, { port: "0" });
  expect(config).toEqual({
    host: "127.0.0.1",
    port: 0,
    data: "/var/a",
    kubernetesApi: true,
    trustProxy: false,
    workers: config.workers,
    idleMinutes: 30,
    sessions: config.sessions,
    log: "info",
  });
  expect(config.workers).toBeGreaterThanOrEqual(1);
  expect(config.sessions).toBeGreaterThanOrEqual(50);
  expect(readConfig({}).data).toBe(join(homedir(), ".local/share/drydock"));
  expect(readConfig({ XDG_DATA_HOME: "/x" }).data).toBe("/x/drydock");
  expect(readConfig({ DRYDOCK_LABS: "labs" }).labs).toBe(resolve("labs"));
  expect(readConfig({ DRYDOCK_AUTHORING: "own" }).authoring).toBe(resolve("own"));
});

it("says what is wrong with a setting", () => {
  const words = (environment: Record<string, string>, options = {}): string => {
    try {
      readConfig(environment, options);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    return "nothing";
  };
  expect(words({ DRYDOCK_PORT: "70000" })).toBe(
    "DRYDOCK_PORT=70000: a port is a number from 0 to 65535; 0 is any that is free",
  );
  expect(words({}, { port: "http" })).toBe("--port http: a port is a number from 0 to 65535; 0 is any that is free");
  expect(words({ DRYDOCK_WORKERS: "0" })).toBe("DRYDOCK_WORKERS=0: a number of workers from 1 to 64 is needed");
  expect(words({ DRYDOCK_LOG: "loud" })).toBe(
    "DRYDOCK_LOG=loud: a level is one of trace, debug, info, warn, error, fatal, silent",
  );
  for (const url of ["lab.example", "ftp://lab.example", "https://lab.example/drydock", "https://me@lab.example"])
    expect(words({}, { url })).toBe(
      `--url ${url}: the address at which browsers reach it is needed, without a path: https://lab.example`,
    );
  for (const host of ["localhost", "::1", "127.0.0.2"]) expect(readConfig({}, { host }).host).toBe(host);
});
