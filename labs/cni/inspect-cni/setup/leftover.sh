# Configurations that nobody reads: the names do not end in .conf, .conflist or .json, or sort behind another one.
printf '{ "cniVersion": "0.3.1", "name": "old", "type": "{{old}}" }\n' > /etc/cni/net.d/05-old.{{ending}}
printf '{ "cniVersion": "0.3.1", "name": "spare", "type": "{{spare}}" }\n' > /etc/cni/net.d/90-spare.conf
