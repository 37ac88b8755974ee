/** No waiting for duplicates, nothing said to neighbours that nobody asked. */
const QUIET = "sysctl -qw net.ipv6.conf.default.accept_dad=0";

/** The same without IPv6, whose announcements links count: one host on a bridge with two namespaces. */
export const BRIDGED4: readonly string[] = bridged("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
export const BRIDGED: readonly string[] = bridged(QUIET);

function bridged(quiet: string): string[] {
  const six = quiet === QUIET;
  return [
    quiet,
    "ip link add br0 address 02:42:0a:00:00:01 type bridge; ip link set br0 up; ip addr add 10.0.0.1/24 dev br0" +
      (six ? "; ip -6 addr add fd00::1/64 dev br0 nodad" : ""),
    ...["a", "b"].flatMap((name, at) => [
      `ip netns add ${name}; ip netns exec ${name} ${quiet}; ip link add v${name} address 02:42:0a:00:00:0${at + 2} type veth peer name p${name} address 02:42:0a:00:00:1${at + 2}; ip link set v${name} netns ${name}; ip link set p${name} master br0 up`,
      `ip -n ${name} link set lo up; ip -n ${name} link set v${name} up; ip -n ${name} addr add 10.0.0.${at + 2}/24 dev v${name}${six ? `; ip -n ${name} -6 addr add fd00::${at + 2}/64 dev v${name} nodad` : ""}`,
    ]),
  ];
}

/** A router between two networks. */
export const ROUTED: readonly string[] = [
  `${QUIET} net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`,
  ...["a", "b"].flatMap((name, at) => [
    `ip netns add ${name}; ip netns exec ${name} ${QUIET}; ip link add v${name} address 02:42:0a:00:0${at + 1}:02 type veth peer name p${name} address 02:42:0a:00:0${at + 1}:01; ip link set v${name} netns ${name}; ip link set p${name} up; ip addr add 10.0.${at + 1}.1/24 dev p${name}; ip -6 addr add fd00:${at + 1}::1/64 dev p${name} nodad`,
    `ip -n ${name} link set lo up; ip -n ${name} link set v${name} up; ip -n ${name} addr add 10.0.${at + 1}.2/24 dev v${name}; ip -n ${name} route add default via 10.0.${at + 1}.1; ip -n ${name} -6 addr add fd00:${at + 1}::2/64 dev v${name} nodad; ip -n ${name} -6 route add default via fd00:${at + 1}::1`,
  ]),
];
