ssh node01 ip route get 10.244.2.2
ssh node01 ip route replace 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
ssh node02 ip route add 10.244.0.0/24 via 10.244.0.0 dev flannel.1 onlink
