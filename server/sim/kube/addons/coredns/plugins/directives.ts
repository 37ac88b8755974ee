/** All directives of CoreDNS 1.12.0 in the order in which they are set up and asked, wherever they stand (plugin.cfg). */
export const DIRECTIVES: readonly string[] = [
  "root", "metadata", "geoip", "cancel", "tls", "timeouts", "multisocket", "reload", "nsid", "bufsize", "bind", "debug", "trace",
  "ready", "health", "pprof", "prometheus", "errors", "log", "dnstap", "local", "dns64", "acl", "any", "chaos", "loadbalance",
  "tsig", "cache", "rewrite", "header", "dnssec", "autopath", "minimal", "template", "transfer", "hosts", "route53", "azure",
  "clouddns", "k8s_external", "kubernetes", "file", "auto", "secondary", "etcd", "loop", "forward", "grpc", "erratic", "whoami",
  "on", "sign", "view",
]; // prettier-ignore
