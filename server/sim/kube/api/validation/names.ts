/** Rules for names, labels and keys with the server's words (apimachinery/pkg/util/validation/validation.go). */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${NAME_PART})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const PERCENT = "[0-9]+%";

const is = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const isLabel = is(LABEL);
const isSubdomain = is(SUBDOMAIN);
const isSubdomainUnderscore = is("[_a-z0-9]([-_a-z0-9]*[_a-z0-9])?(\\.[_a-z0-9]([-_a-z0-9]*[_a-z0-9])?)*");
const isLabel1035 = is(LABEL_1035);
const isNamePart = is(NAME_PART);
const isLabelValue = is(LABEL_VALUE);
const isConfigKey = is(CONFIG_KEY);
const isPercent = is(PERCENT);

/** As validation.RegexError, with its two spaces before `or`. */
function regexError(rule: string, pattern: string, ...examples: string[]): string {
  return `${rule} (e.g. ${examples.map((example) => `'${example}'`).join(",  or ")}, regex used for validation is '${pattern}')`;
}

const LABEL_MESSAGE = regexError(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  "my-name",
  "123-abc",
);
const SUBDOMAIN_MESSAGE = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  "example.com",
);
const SUBDOMAIN_UNDERSCORE_MESSAGE = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "[_a-z0-9]([-_a-z0-9]*[_a-z0-9])?(\\.[_a-z0-9]([-_a-z0-9]*[_a-z0-9])?)*",
  "example.com",
);
const LABEL_1035_MESSAGE = regexError(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  "my-name",
  "abc-123",
);
const NAME_PART_MESSAGE = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  NAME_PART,
  "MyName",
  "my.name",
  "123-abc",
);
const LABEL_VALUE_MESSAGE = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  "MyValue",
  "my_value",
  "12345",
);
const CONFIG_KEY_MESSAGE = regexError(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  CONFIG_KEY,
  "key.name",
  "KEY_NAME",
  "key-name",
);
const STRICT_ENVIRONMENT_MESSAGE = regexError(
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  "[-._a-zA-Z][-._a-zA-Z0-9]*",
  "my.env-name",
  "MY_ENV.NAME",
  "MyEnvName1",
);
const PERCENT_MESSAGE = regexError(
  "a valid percent string must be a numeric string followed by an ending '%'",
  PERCENT,
  "1%",
  "93%",
);

const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const isWildcard = is(WILDCARD);
const WILDCARD_MESSAGE = regexError(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  WILDCARD,
  "*.example.com",
);
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const isHttpPath = is(HTTP_PATH);

const tooLongMessage = (length: number): string => `must be no more than ${length} characters`;

/** Complaints about a text; none if it is good. `prefix`: a random suffix will follow, so a trailing dash is fine. */
export type Rule = (text: string, prefix?: boolean) => string[];

export const label: Rule = (text) => {
  if (text.length <= 63 && isLabel.test(text)) return [];
  const messages = text.length > 63 ? [tooLongMessage(63)] : [];
  if (!isLabel.test(text)) messages.push(isSubdomain.test(text) ? "must not contain dots" : LABEL_MESSAGE);
  return messages;
};

export const subdomain: Rule = (text) => checked(text, 253, isSubdomain, SUBDOMAIN_MESSAGE);

export const subdomainWithUnderscore: Rule = (text) =>
  checked(text, 253, isSubdomainUnderscore, SUBDOMAIN_UNDERSCORE_MESSAGE);

export const label1035: Rule = (text) => checked(text, 63, isLabel1035, LABEL_1035_MESSAGE);

export const labelValue: Rule = (text) => checked(text, 63, isLabelValue, LABEL_VALUE_MESSAGE);

/** Hosts with a `*`: `*.example.com`. */
export const wildcardSubdomain: Rule = (text) => checked(text, 253, isWildcard, WILDCARD_MESSAGE);

/** What stands behind the slash of `acme.io/foo`. */
export const httpPath: Rule = (text) =>
  isHttpPath.test(text) ? [] : [`Invalid path (regex used for validation is '${HTTP_PATH}')`];

/** Anything that can be one step of a URL's path (apimachinery/pkg/api/validation/path). */
export const pathSegment: Rule = (text) => {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((bad) => text.includes(bad)).map((bad) => `may not contain '${bad}'`);
};

export const percent: Rule = (text) => (isPercent.test(text) ? [] : [PERCENT_MESSAGE]);

export const configKey: Rule = (text) => {
  const messages = checked(text, 253, isConfigKey, CONFIG_KEY_MESSAGE);
  if (text === ".") messages.push("must not be '.'");
  else if (text === "..") messages.push("must not be '..'");
  else if (text.startsWith("..")) messages.push("must not start with '..'");
  return messages;
};

/** Environment variables, by the relaxed rule of 1.33. */
export const environmentName: Rule = (text) =>
  /^[ -<>-~]+$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** Environment variables by the rule of old, which clients keep to (apimachinery validation.IsEnvVarName). */
export const strictEnvironmentName: Rule = (text) => {
  const messages = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(text) ? [] : [STRICT_ENVIRONMENT_MESSAGE];
  if (text === ".") messages.push("must not be '.'");
  else if (text === "..") messages.push("must not be '..'");
  else if (text.startsWith("..")) messages.push("must not start with '..'");
  return messages;
};

/** Label and annotation keys, finalizers and the like: `name` or `prefix/name`. */
export const qualifiedName: Rule = (text) => {
  const parts = text.split("/");
  if (parts.length > 2)
    return [
      `a qualified name ${NAME_PART_MESSAGE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const messages: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === "") messages.push("prefix part must be non-empty");
    else for (const message of subdomain(parts[0]!)) messages.push(`prefix part ${message}`);
  }
  const name = parts.at(-1)!;
  if (name === "") messages.push("name part must be non-empty");
  else if (name.length > 63) messages.push("name part must be no more than 63 characters");
  if (!isNamePart.test(name)) messages.push(`name part ${NAME_PART_MESSAGE}`);
  return messages;
};

/** A port's name (IANA_SVC_NAME); every complaint that applies. */
export const portName: Rule = (text) => {
  const messages: string[] = [];
  if (text.length > 15) messages.push(tooLongMessage(15));
  if (!/^[-a-z0-9]+$/.test(text))
    messages.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) messages.push("must contain at least one letter (a-z)");
  if (text.includes("--")) messages.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) messages.push("must not begin or end with a hyphen");
  return messages;
};

export const headerName: Rule = (text) =>
  /^[-A-Za-z0-9]+$/.test(text)
    ? []
    : [
        regexError(
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          "[-A-Za-z0-9]+",
          "X-Header-Name",
        ),
      ];

export function range(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

export function portNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [range(1, 65535)];
}

/** The rule for a name that may be a prefix of a generated one (apimachinery/pkg/api/validation/generic.go). */
export function forNames(rule: Rule): Rule {
  return (text, prefix = false) =>
    rule(prefix && text.length > 1 && text.endsWith("-") ? `${text.slice(0, -1)}a` : text);
}

function checked(text: string, length: number, pattern: RegExp, message: string): string[] {
  if (text.length <= length && pattern.test(text)) return [];
  const messages = text.length > length ? [tooLongMessage(length)] : [];
  if (!pattern.test(text)) messages.push(message);
  return messages;
}
