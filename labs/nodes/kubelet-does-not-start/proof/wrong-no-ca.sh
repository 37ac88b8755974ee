# scores: 7 of 9
# fails: answers-the-api
# because answers-the-api: You must be logged in to the server
ssh node01 "sed -i /clientCAFile/d /var/lib/kubelet/config.yaml; sed -i s/:$port/:6443/ /etc/kubernetes/kubelet.conf; systemctl enable --now kubelet"
