/** Digests by the names that openssl takes, as node:crypto calls them, and as openssl shows them. */
const DIGESTS: Readonly<Record<string, { readonly hash: string; readonly shown: string }>> = {
  md5: { hash: "md5", shown: "MD5" },
  sha1: { hash: "sha1", shown: "SHA1" },
  sha224: { hash: "sha224", shown: "SHA2-224" },
  sha256: { hash: "sha256", shown: "SHA2-256" },
  sha384: { hash: "sha384", shown: "SHA2-384" },
  sha512: { hash: "sha512", shown: "SHA2-512" },
  "sha512-224": { hash: "sha512-224", shown: "SHA2-512/224" },
  "sha512-256": { hash: "sha512-256", shown: "SHA2-512/256" },
  "sha3-224": { hash: "sha3-224", shown: "SHA3-224" },
  "sha3-256": { hash: "sha3-256", shown: "SHA3-256" },
  "sha3-384": { hash: "sha3-384", shown: "SHA3-384" },
  "sha3-512": { hash: "sha3-512", shown: "SHA3-512" },
  blake2b512: { hash: "blake2b512", shown: "BLAKE2B-512" },
  blake2s256: { hash: "blake2s256", shown: "BLAKE2S-256" },
  rmd160: { hash: "ripemd160", shown: "RIPEMD-160" },
};

export const DIGEST_NAMES: readonly string[] = Object.keys(DIGESTS);

export function findDigest(name: string): { readonly hash: string; readonly shown: string } | undefined {
  const lower = name.toLowerCase();
  return (
    DIGESTS[lower] ??
    DIGESTS[
      lower
        .replace(/^sha-/, "sha")
        .replace(/^sha2-/, "sha")
        .replace("ripemd160", "rmd160")
    ]
  );
}
