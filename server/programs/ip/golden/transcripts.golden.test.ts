import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { replay, type Exceptions } from "./transcript.ts";

/** Programs of others, and those that the nodes of labs don't have. */
const exceptions: Exceptions = {
  words: [
    "ping", "curl", "nc", "dig", "nslookup", "host", "wget", "traceroute", "tracepath", "arping", "sudo", "ssh", "getent",
    "ethtool", "python3", "tcpdump",
  ],
  commands: {},
}; // prettier-ignore

const only = process.env["GOLDEN"];

for (const group of ["netns", "addr-link-route", "iptables", "sockets", "errors"]) {
  const names = readdirSync(new URL(`fixtures/${group}`, import.meta.url)).map(
    (file) => `${group}/${file.replace(/\.t$/, "")}`,
  );
  describe(group, () => {
    test.each(names.filter((name) => only === undefined || name.includes(only)))("%s", async (name) => {
      const { different } = await replay(name, exceptions);
      expect(different.join("\n")).toBe("");
    });
  });
}
