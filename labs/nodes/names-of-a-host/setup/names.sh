# An old entry for the office's machine, names that only come from files, and a name server that is gone.
printf '%s\n' '192.168.100.99 outside {{name}}' >> /etc/hosts
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
rm /etc/resolv.conf
printf 'nameserver 192.168.100.53\noptions timeout:1 attempts:1\n' > /etc/resolv.conf
hostname localhost.localdomain
