#!/bin/bash
# {{plugin}}: connects a Pod to a bridge of this node, with an address out of a small range.
# The runtime calls it with CNI_COMMAND, CNI_CONTAINERID, CNI_NETNS and CNI_IFNAME, and the configuration on stdin.
exec 3>&1 &>> /var/log/{{plugin}}.log
config=$(cat)
bridge=$(jq -r .bridge <<< "$config")
prefix=$(jq -r .prefix <<< "$config")
leases=/var/lib/cni/{{plugin}}
netns=$(basename "$CNI_NETNS")
echo "$CNI_COMMAND $CNI_IFNAME $CNI_CONTAINERID"

case $CNI_COMMAND in
ADD)
  if ! ip link show "$bridge"; then
    ip link add "$bridge" type bridge
    ip addr add "$prefix.1/24" dev "$bridge"
    ip link set "$bridge" up
  fi
  mkdir -p "$leases"
  for n in 10 11 12 13 14 15; do
    # Fails if the file is there: two calls at a time do not get the same address.
    (set -o noclobber; echo "$CNI_CONTAINERID" > "$leases/$n") && break
    n=none
  done
  if [ "$n" = none ]; then
    echo '{"cniVersion": "0.3.1", "code": 11, "msg": "no address left in the range"}' >&3
    exit 1
  fi
  end=c${CNI_CONTAINERID:0:10}
  ip link add "$end" type veth peer name "$CNI_IFNAME" netns "$netns"
  ip link set "$end" master "$bridge" up
  ip -n "$netns" link set "$CNI_IFNAME" up
  ip -n "$netns" addr add "$prefix.$n/24" dev "$CNI_IFNAME"
  cat >&3 << RESULT
{ "cniVersion": "0.3.1",
  "interfaces": [ { "name": "$CNI_IFNAME", "sandbox": "$CNI_NETNS" } ],
  "ips": [ { "version": "4", "address": "$prefix.$n", "gateway": "$prefix.1", "interface": 0 } ] }
RESULT
  ;;
DEL)
  ip link del "c${CNI_CONTAINERID:0:10}"
  ;;
VERSION)
  echo '{"cniVersion": "0.3.1", "supportedVersions": ["0.3.0", "0.3.1"]}' >&3
  ;;
esac
exit 0
