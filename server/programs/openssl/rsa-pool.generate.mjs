// Makes rsa-pool.json: `node server/programs/openssl/rsa-pool.generate.mjs`. Run once; a new pool changes the keys that
// `openssl genrsa` makes with a seed. The keys are public, protect nothing and must not be used outside a simulation.
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";

const COUNTS = { 2048: 48, 3072: 6, 4096: 12 };

const make = (modulusLength) =>
  generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ format: "der", type: "pkcs1" }).toString("base64");
const keys = Object.fromEntries(
  Object.entries(COUNTS).map(([bits, count]) => [bits, Array.from({ length: count }, () => make(Number(bits)))]),
);
const comment = "Keys of simulated users, made by rsa-pool.generate.mjs. They are public: protect nothing with them.";
writeFileSync(new URL("rsa-pool.json", import.meta.url), `${JSON.stringify({ comment, keys }, null, 2)}\n`);
