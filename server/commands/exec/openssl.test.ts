import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

const CSR = (name: string): string => `cat <<EOF | kubectl apply -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: ${name}
spec:
  request: $(base64 -w0 < ${name}.csr)
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 86400
  usages: ["client auth"]
EOF`;

test("a user is made with openssl, a signing request, its approval and a kubeconfig", async () => {
  const world = await freshCluster();
  const out = await typed(world, [
    "openssl genrsa -out jane.key 2048; openssl req -new -key jane.key -subj /O=dev/CN=jane -out jane.csr; openssl req -in jane.csr -noout -subject -verify",
    CSR("jane"),
    "kubectl certificate approve jane",
    "kubectl get csr jane -o jsonpath='{.status.certificate}' | base64 -d > jane.crt; openssl x509 -in jane.crt -noout -subject -issuer -dates; openssl verify -CAfile /etc/kubernetes/pki/ca.crt -purpose sslclient jane.crt",
    "diff <(openssl x509 -in jane.crt -noout -pubkey) <(openssl pkey -in jane.key -pubout) && echo same key",
    "kubectl config set-credentials jane --client-certificate jane.crt --client-key jane.key --embed-certs=true; kubectl config set-context jane --cluster kubernetes --user jane",
    "kubectl --context jane auth whoami -o jsonpath='{.status.userInfo.username} {.status.userInfo.groups}{\"\\n\"}'; kubectl --context jane get pods",
    "kubectl create rolebinding jane --clusterrole view --user jane; kubectl --context jane get pods",
    "curl -s --cacert /etc/kubernetes/pki/ca.crt --cert jane.crt --key jane.key https://172.30.1.2:6443/api/v1/namespaces/kube-system/pods | grep -E 'message|code'",
    "curl -s -o /dev/null -w '%{http_code}\\n' --cacert /etc/kubernetes/pki/ca.crt --cert jane.crt --key jane.key https://172.30.1.2:6443/api/v1/namespaces/default/pods",
  ]);
  expect(out).toMatchInlineSnapshot(`
    [
      "subject=O = dev, CN = jane
    Certificate request self-signature verify OK
    ",
      "certificatesigningrequest.certificates.k8s.io/jane created
    ",
      "certificatesigningrequest.certificates.k8s.io/jane approved
    ",
      "subject=O = dev, CN = jane
    issuer=CN = kubernetes
    notBefore=Nov 21 09:55:05 2026 GMT
    notAfter=Nov 22 09:55:05 2026 GMT
    jane.crt: OK
    ",
      "same key
    ",
      "User "jane" set.
    Context "jane" created.
    ",
      "jane ["dev","system:authenticated"]
    Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"
    ",
      "rolebinding.rbac.authorization.k8s.io/jane created
    No resources found in default namespace.
    ",
      "  "message": "pods is forbidden: User \\"jane\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace \\"kube-system\\"",
      "code": 403
    ",
      "200
    ",
    ]
  `);
});

test("certificates that the cluster does not trust, and a key that is another's", async () => {
  const world = await freshCluster();
  const out = await typed(world, [
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=mine -days 10 2>/dev/null; openssl req -new -newkey rsa:2048 -nodes -keyout u.key -out u.csr -subj /O=system:masters/CN=root 2>/dev/null; openssl x509 -req -in u.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 5 -sha512 -out u.crt",
    "curl -s -o /dev/null -w '%{http_code}\\n' -k --cert u.crt --key u.key https://172.30.1.2:6443/api",
    "kubectl --server https://172.30.1.2:6443 --certificate-authority ca.crt --client-certificate u.crt --client-key u.key --kubeconfig /dev/null get ns",
    "kubectl --server https://172.30.1.2:6443 --certificate-authority /etc/kubernetes/pki/ca.crt --client-certificate u.crt --client-key u.key --kubeconfig /dev/null get ns",
    "kubectl --server https://172.30.1.2:6443 --certificate-authority /etc/kubernetes/pki/ca.crt --client-certificate u.crt --client-key ca.key --kubeconfig /dev/null get ns",
    "curl -sS --cacert ca.crt https://172.30.1.2:6443/api 2>&1 | head -1",
    "curl -sS -k --cert u.crt --key ca.key https://172.30.1.2:6443/api; echo $?",
    "openssl x509 -req -in u.csr -CA /etc/kubernetes/pki/ca.crt -CAkey /etc/kubernetes/pki/ca.key -CAcreateserial -days 1 -sha384 -out good.crt; curl -s -o /dev/null -w '%{http_code}\\n' --cacert /etc/kubernetes/pki/ca.crt --cert good.crt --key u.key https://172.30.1.2:6443/api/v1/nodes; ls /etc/kubernetes/pki/ca.srl",
  ]);
  expect(out).toMatchInlineSnapshot(`
    [
      "Certificate request self-signature ok
    subject=O = system:masters, CN = root
    ",
      "401
    ",
      "E1121 10:00:05.367620     460 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://172.30.1.2:6443/api?timeout=32s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"
    E1121 10:00:05.367656     460 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://172.30.1.2:6443/api?timeout=32s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"
    E1121 10:00:05.367692     460 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://172.30.1.2:6443/api?timeout=32s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"
    E1121 10:00:05.367728     460 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://172.30.1.2:6443/api?timeout=32s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"
    E1121 10:00:05.367764     460 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://172.30.1.2:6443/api?timeout=32s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"
    Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority
    ",
      "E1121 10:00:08.009868     461 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Unauthorized"
    E1121 10:00:08.009886     461 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Unauthorized"
    E1121 10:00:08.009904     461 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Unauthorized"
    E1121 10:00:08.009922     461 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Unauthorized"
    E1121 10:00:08.009940     461 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Unauthorized"
    error: You must be logged in to the server (Unauthorized)
    ",
      "error: tls: private key does not match public key
    ",
      "curl: (60) SSL certificate problem: unable to get local issuer certificate
    ",
      "58
    curl: (58) unable to set private key file: 'ca.key' type PEM
    ",
      "200
    /etc/kubernetes/pki/ca.srl
    Certificate request self-signature ok
    subject=O = system:masters, CN = root
    ",
    ]
  `);
});

test("s_client shows what a server presents, and why a way is closed", async () => {
  const world = await freshCluster();
  const out = await typed(world, [
    "openssl s_client -connect 172.30.1.2:6443 -CAfile /etc/kubernetes/pki/ca.crt -brief </dev/null",
    "echo | openssl s_client -connect controlplane:6443 -servername kubernetes.default 2>/dev/null | openssl x509 -noout -subject -enddate",
    "openssl s_client -connect 172.30.1.2:6443 -CAfile /etc/kubernetes/pki/ca.crt -verify_hostname other -verify_return_error </dev/null 2>&1 | tail -4",
    "openssl s_client -connect 127.0.0.1:1 </dev/null",
    "openssl s_client -connect nowhere.example:443 </dev/null",
    "openssl s_client -connect 172.30.1.2:22 </dev/null 2>&1 | tail -3",
  ]);
  expect(out.map((text) => text.replace(/^[0-9A-F]{16}(?=:error)/gm, "THREAD"))).toMatchInlineSnapshot(`
    [
      "Can't use SSL_get_servername
    CONNECTION ESTABLISHED
    Protocol version: TLSv1.3
    Ciphersuite: TLS_AES_128_GCM_SHA256
    Requested Signature Algorithms: RSA-PSS+SHA256:ECDSA+SHA256:ed25519:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA384:ECDSA+SHA512:RSA+SHA1:ECDSA+SHA1
    Peer certificate: CN = kube-apiserver
    Hash used: SHA256
    Signature type: RSA-PSS
    Verification: OK
    Server Temp Key: X25519, 253 bits
    DONE
    ",
      "subject=CN = kube-apiserver
    notAfter=Nov 16 09:50:00 2027 GMT
    ",
      "No ALPN negotiated
    Early data was not sent
    Verify return code: 62 (hostname mismatch)
    ---
    ",
      "THREAD:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()
    THREAD:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:
    connect:errno=111
    ",
      "THREAD:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:Name or service not known
    connect:errno=0
    ",
      "Verify return code: 0 (ok)
    ---
    THREAD:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:350:
    ",
    ]
  `);
});

test("s_client outlives the pipe that it prints into, and ends when it is killed", async () => {
  const world = await freshCluster();
  const out = await typed(world, [
    "openssl s_client -connect localhost:6443 < /dev/null 2> /dev/null | head -1; echo ${PIPESTATUS[@]}",
    "bash -c 'openssl s_client -connect localhost:6443 < <(sleep 9) > /dev/null 2>&1 & sleep 1; kill -9 $!; wait $!; echo $?' 2> /dev/null",
  ]);
  expect(out).toEqual(["CONNECTED(00000003)\n0 0\n", "137\n"]);
});
