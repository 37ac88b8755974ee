import { expect, test } from "vitest";
import { parseYaml } from "../kustomize/yaml/parse.ts";
import rows from "./problem.golden.json" with { type: "json" };
import { readYaml } from "./read.ts";

/** Texts as a kustomization.yaml (go-yaml 2) and as a resource (go-yaml 3) of the real `kubectl kustomize`. */
test.each(rows as [string, string, string][])("%j", (text, asKustomization, asResource) => {
  expect(readYaml(text)).toEqual({ error: asKustomization });
  expect(() => parseYaml(text)).toThrow(asResource);
});
