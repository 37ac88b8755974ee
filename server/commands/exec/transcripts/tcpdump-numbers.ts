/**
 * Numbers of packets that a kernel draws by lot, which the recorder's normaliser leaves: sequence numbers, timestamps,
 * identifications, cookies, times of day. The recorder's kernel also had larger receive buffers (net.ipv4.tcp_rmem), so that
 * its windows were scaled by another power of two; and how many packets had passed its filter before libpcap emptied the
 * socket is a race.
 */
export function withoutTcpdumpNumbers(text: string): string {
  return text
    .replaceAll(/TS val \d+ ecr [1-9]\d*/g, "TS val <N> ecr <N>")
    .replaceAll(/TS val \d+/g, "TS val <N>")
    .replaceAll(/(seq|ack) \d{6,}(:\d{6,})?/g, "$1 <N>")
    .replaceAll(/\bwin \d{1,3},/g, "win <N>,")
    .replaceAll(/wscale \d+/g, "wscale <N>")
    .replaceAll(/, id \d+, /g, ", id <N>, ")
    .replaceAll(/flowlabel 0x[0-9a-f]+/g, "flowlabel <N>")
    .replaceAll(/ICMP6, (echo \w+), id \w+/g, "ICMP6, $1, id <N>")
    .replaceAll(/protocol 1 port \S+ unreachable/g, "protocol 1 port <N> unreachable")
    .replaceAll(/\[COOKIE \w+\]/g, "[COOKIE <N>]")
    .replaceAll(/^.{8}(GET|HTTP)(?=[ /])/gm, "<N>$1")
    .replaceAll(/\[\d\d\/[A-Z][a-z]{2}\/\d{4} [\d:]{8}\]/g, "[<DATE>]")
    .replaceAll(/(Connection received on \S+) \d{5}$/gm, "$1 <PORT>")
    .replaceAll(/^\d+ packets? received by filter$/gm, "<N> packets received by filter");
}
