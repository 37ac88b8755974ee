import type { FileSpec } from "./file-spec.ts";

/**
 * /etc/ssl/openssl.cnf as Debian's package openssl (3.0) has it: the sections, names and values that `openssl req` and `x509`
 * read, without its comments and without those of `openssl ca`, `ts` and `cmp`.
 */
export const OPENSSL_CONFIG = `# OpenSSL's configuration: what requests and self-signed certificates say by default.

HOME			= .
openssl_conf = openssl_init
config_diagnostics = 1
oid_section = new_oids

[ new_oids ]

[openssl_init]
providers = provider_sect

[provider_sect]
default = default_sect

[default_sect]

[ req ]
default_bits		= 2048
default_keyfile 	= privkey.pem
distinguished_name	= req_distinguished_name
attributes		= req_attributes
x509_extensions	= v3_ca
string_mask = utf8only

[ req_distinguished_name ]
countryName			= Country Name (2 letter code)
countryName_default		= AU
countryName_min			= 2
countryName_max			= 2
stateOrProvinceName		= State or Province Name (full name)
stateOrProvinceName_default	= Some-State
localityName			= Locality Name (eg, city)
0.organizationName		= Organization Name (eg, company)
0.organizationName_default	= Internet Widgits Pty Ltd
organizationalUnitName		= Organizational Unit Name (eg, section)
commonName			= Common Name (e.g. server FQDN or YOUR name)
commonName_max			= 64
emailAddress			= Email Address
emailAddress_max		= 64

[ req_attributes ]
challengePassword		= A challenge password
challengePassword_min		= 4
challengePassword_max		= 20
unstructuredName		= An optional company name

[ usr_cert ]
basicConstraints=CA:FALSE
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid,issuer

[ v3_req ]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment

[ v3_ca ]
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always,issuer
basicConstraints = critical,CA:true
`;

/** Where OpenSSL of Debian and Ubuntu looks for its configuration and for certificates that it trusts. */
export const OPENSSL_FILES: readonly FileSpec[] = [
  { path: "/etc/ssl/certs", dir: true },
  { path: "/etc/ssl/private", dir: true, mode: 0o710 },
  { path: "/etc/ssl/openssl.cnf", text: OPENSSL_CONFIG },
  { path: "/usr/lib/ssl/openssl.cnf", link: "/etc/ssl/openssl.cnf" },
  { path: "/usr/lib/ssl/certs", link: "/etc/ssl/certs" },
  { path: "/usr/lib/ssl/private", link: "/etc/ssl/private" },
];
