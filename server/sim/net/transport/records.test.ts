import { expect, test } from "vitest";
import { clientHello, sealed } from "./records.ts";

const SESSION = { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", serverChain: [] } as const;

test("on the wire a record shows how long it is and nothing of what is in it", () => {
  const wire = sealed("GET /secret HTTP/1.1\r\n\r\n", SESSION, 7);
  expect([wire.length, wire.slice(0, 5)]).toEqual([24 + 17 + 5, "\x17\x03\x03\x00\x29"]);
  expect(wire).not.toContain("secret");
  expect(sealed("GET /secret HTTP/1.1\r\n\r\n", SESSION, 8)).not.toBe(wire);
});

test("more than a record holds goes in several", () => {
  expect(sealed("x".repeat(40_000), SESSION, 1).length).toBe(40_000 + 3 * 22);
  expect(sealed("x".repeat(100), { ...SESSION, version: "TLSv1.2" }, 1).length).toBe(100 + 29);
});

test("a hello has the size of OpenSSL's and shows the server's name", () => {
  const hello = clientHello({ version: "TLSv1.3", serverName: "shop.example", alpn: ["h2", "http/1.1"] }, 3);
  expect(hello.length).toBe(517);
  expect(hello).toContain("shop.example");
});
