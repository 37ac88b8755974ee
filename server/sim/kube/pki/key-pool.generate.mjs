// Makes key-pool.json: `node server/sim/kube/pki/key-pool.generate.mjs`. Run once; a new pool changes every certificate
// of every seed. The keys are public, protect nothing and must not be used outside a simulation.
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";

const RSA_KEYS = 64;
const EC_KEYS = 32;

/** @param {import("node:crypto").KeyObject} key @param {"pkcs1" | "sec1"} type */
const der = (key, type) => key.export({ format: "der", type }).toString("base64");

const pool = {
  comment: "Keys of simulated clusters, made by key-pool.generate.mjs. They are public: protect nothing with them.",
  rsa2048: Array.from({ length: RSA_KEYS }, () =>
    der(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, "pkcs1"),
  ),
  p256: Array.from({ length: EC_KEYS }, () =>
    der(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "sec1"),
  ),
};
writeFileSync(new URL("key-pool.json", import.meta.url), `${JSON.stringify(pool, null, 2)}\n`);
