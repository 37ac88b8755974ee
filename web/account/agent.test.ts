import { expect, test } from "vitest";
import { agentText } from "./agent.ts";

test("a browser says what it is in one word of many", () => {
  const windows =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Safari/537.36";
  expect(
    [
      windows,
      `${windows} Edg/120.0`,
      "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
      "curl/8.5.0",
      "node",
      "",
    ].map(agentText),
  ).toEqual(["Chrome on Windows", "Edge on Windows", "Firefox on Linux", "Safari on iOS", "curl", "node", "A program"]);
});
