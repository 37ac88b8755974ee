import { SECOND } from "../../../kernel/index.ts";
import { admissionPlugins, parseCidr, parseGoDuration, type ApiSettings } from "../../api/index.ts";
import { listFlag, type Flags } from "../go-flags.ts";
import { AUTHORIZERS, UNSIMULATED_MODES } from "./authorize.ts";

/** What the flags decide for requests. An error in the words of kube-apiserver's validation. */
export function settingsOf(
  flags: Flags,
):
  | Omit<
      ApiSettings,
      "etcdError" | "authorize" | "access" | "signToken" | "openId" | "callWebhook" | "logWarning" | "components"
    >
  | { readonly error: string } {
  const range = flags.get("service-node-port-range") ?? "30000-32767";
  const nodePorts = portRange(range);
  if (!nodePorts)
    return {
      error: `invalid argument "${range}" for "--service-node-port-range" flag: ${range} is not a valid port range`,
    };
  const serviceCidrs = listFlag(flags, "service-cluster-ip-range");
  const bad = serviceCidrs.findIndex((cidr) => parseCidr(cidr) === undefined);
  // getServiceIPAndRanges
  if (bad >= 0) return { error: `service-cluster-ip-range[${bad}] is not ${bad === 0 ? "a valid cidr" : "an ip net"}` };
  const { simulated, notSimulated } = admissionPlugins();
  for (const flag of ["enable-admission-plugins", "disable-admission-plugins"]) {
    const unknown = listFlag(flags, flag).find((name) => !simulated.includes(name) && !notSimulated.includes(name));
    if (unknown !== undefined) return { error: `${flag} plugin "${unknown}" is unknown` };
  }
  const given = listFlag(flags, "authorization-mode");
  const modes = given.length > 0 ? given : ["AlwaysAllow"];
  const wrong = modeProblem(modes);
  if (wrong !== undefined) return { error: wrong };
  const [issuer] = listFlag(flags, "service-account-issuer");
  const jwksUri = flags.get("service-account-jwks-uri");
  const longest = flags.get("service-account-max-token-expiration");
  const maxTokenSeconds = longest === undefined ? 0 : (parseGoDuration(longest) ?? 0) / SECOND;
  return {
    ...(maxTokenSeconds > 0 ? { maxTokenSeconds } : {}),
    ...(issuer === undefined ? {} : { issuer }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    serviceCidrs: serviceCidrs.length > 0 ? serviceCidrs : ["10.0.0.0/24"],
    authorizationModes: modes,
    // Where everything is allowed, nobody is let in without a name (pkg/kubeapiserver/options/authentication.go).
    anonymousAuth: flags.get("anonymous-auth") !== "false" && !modes.includes("AlwaysAllow"),
    bootstrapTokenAuth: flags.get("enable-bootstrap-token-auth") === "true",
    nodePorts,
    enableAdmission: listFlag(flags, "enable-admission-plugins"),
    disableAdmission: listFlag(flags, "disable-admission-plugins"),
    advertise: `${flags.get("advertise-address") ?? "127.0.0.1"}:${flags.get("secure-port") ?? "6443"}`,
  };
}

/** `30000-32767`, `30000+2767` or `30000` (apimachinery/pkg/util/net/port_range.go Set). */
function portRange(text: string): { readonly from: number; readonly to: number } | undefined {
  const [, low, sign, second] = /^(\d+)(?:([-+])(\d+))?$/.exec(text.trim()) ?? [];
  if (low === undefined) return undefined;
  const from = Number(low);
  const to = sign === undefined ? from : sign === "-" ? Number(second) : from + Number(second);
  return from <= to && to <= 65_535 ? { from, to } : undefined;
}

/** pkg/kubeapiserver/options/authorization.go Validate */
function modeProblem(modes: readonly string[]): string | undefined {
  for (const mode of modes) {
    if (UNSIMULATED_MODES.includes(mode)) return `drydock: --authorization-mode=${mode} is not simulated`;
    if (!(mode in AUTHORIZERS)) return `authorization-mode "${mode}" is not a valid mode`;
  }
  const twice = modes.find((mode, at) => modes.indexOf(mode) !== at);
  return twice === undefined
    ? undefined
    : `authorization-mode ["${modes.join('" "')}"] has mode specified more than once`;
}
