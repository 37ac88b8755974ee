import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replayTranscript } from "./testing.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

/** Programs of others, which stand in the same transcripts. */
const NOT_OURS = /\btcpdump\b|^(?:ethtool|sysctl) /;

/**
 * Whether an ICMP error ends a connect(2) depends on who holds the socket when it arrives (tcp_v4_err: sock_owned_by_user): here
 * the recording was unlucky, elsewhere the same connect fails at once.
 */
const RACES = new Set(["nc -zv -w 1 10.96.45.12 81"]);

const files = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".t"));

test.each(files.toSorted())("%s", async (name) => {
  const skips = (command: string): boolean =>
    RACES.has(command) || (!name.startsWith("busybox") && NOT_OURS.test(command));
  const different = await replayTranscript(new URL(`fixtures/${name}`, import.meta.url), skips);
  if (different.length > 0) expect.fail(`${different.length} differ\n${different.join("\n")}`);
});
