import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { expect, test } from "vitest";
import { serviceAccounts } from "../../../kinds/index.ts";
import { TestNodes } from "../../../kubelet/testing.ts";

test("whoever has the key that is told there can verify the tokens of service accounts", async () => {
  const world = await TestNodes.boot();
  const read = (path: string): Record<string, unknown> => {
    const answer = world.call(path);
    if (answer.kind !== "text" || answer.code !== 200) throw new Error(JSON.stringify(answer));
    return JSON.parse(answer.text) as Record<string, unknown>;
  };
  const { jwks_uri, issuer, ...rest } = read("/.well-known/openid-configuration");
  expect({ jwks_uri, ...rest }).toEqual({
    jwks_uri: "https://172.30.1.2:6443/openid/v1/jwks",
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
  const [key] = read("/openid/v1/jwks")["keys"] as [JsonWebKey & { kid: string }];
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const answer = world.admin.ask(serviceAccounts, "default", "default", "token", request);
  const { token } = answer["status"] as { token: string };
  const [header = "", claims = "", signature = ""] = token.split(".");
  const text = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  expect(text(header)).toEqual({ alg: key.alg, kid: key.kid });
  expect(text(claims)["iss"]).toBe(issuer);
  const verifies = (signed: string): boolean =>
    verify("sha256", Buffer.from(signed), createPublicKey({ key, format: "jwk" }), Buffer.from(signature, "base64url"));
  expect(verifies(`${header}.${claims}`)).toBe(true);
  expect(verifies(`${header}.${claims}x`)).toBe(false);
});
