import { expect, test } from "vitest";
import { corefile } from "../../../kubeadm/index.ts";
import { corefileDigest } from "./digest.ts";
import { parseCorefile } from "./parse.ts";

function digest(text: string): string {
  const around = { env: {}, read: () => ({ error: "none" }), glob: () => [], warn: () => {} };
  return corefileDigest(parseCorefile("/etc/coredns/Corefile", text, around));
}

// What CoreDNS 1.12.0 logs in clusters of kubeadm 1.32 and later (`kubectl logs -n kube-system -l k8s-app=kube-dns`).
test("the digest of kubeadm's Corefile is the real one", () => {
  expect(digest(corefile("cluster.local"))).toBe(
    "1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894564e15b91770d3a07ae1cfbe861d15b37d4a0027e69c546ab112970993a3b03b",
  );
});

// The same of kubeadm 1.31 and earlier, as CoreDNS 1.9.3 to 1.11.3 log it.
test("the digest of the older Corefile is the real one", () => {
  const plain = corefile("cluster.local").replace(/cache 30 \{[^}]*\}/, "cache 30");
  expect(digest(plain)).toBe(
    "591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908",
  );
});

// From a lab that put `log` under `errors`; its capture shows the first characters.
test("the digest of a Corefile that logs queries is the real one", () => {
  const logging = corefile("cluster.local").replace("errors\n", "errors\n    log\n");
  expect(digest(logging).slice(0, 37)).toBe("2dd49c56b94cd5672aafc99f92d4b5ff824b6");
});

test("comments and blanks do not count, lines and words do", () => {
  const base = digest(".:53 {\n  whoami\n}\n");
  expect(digest(".:53   {\n     whoami # me\n}\n# end\n")).toBe(base);
  expect(digest(".:53 {\n\n  whoami\n}\n")).not.toBe(base);
});
