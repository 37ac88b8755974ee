import { beforeEach, expect, test } from "vitest";
import { bash } from "../../shell/index.ts";
import { goldenWorld, type GoldenWorld } from "../modprobe/testing.ts";
import { ipvsadm } from "./ipvsadm.ts";

/** No kernel with ip_vs was at hand: formats and words are those of ipvsadm.c and libipvs.c (Distrotech/ipvsadm, v1.26 on). */
let world: GoldenWorld;

beforeEach(async () => {
  world = goldenWorld([bash, ipvsadm]);
  for (const words of [
    "ipvsadm -A -t 10.96.0.1:443 -s rr -p 10800",
    "ipvsadm -a -t 10.96.0.1:443 -r 192.168.56.11:6443 -m",
    "ipvsadm -A -u 10.96.0.10:53 -s wlc",
    "ipvsadm -a -u 10.96.0.10:53 -r 10.244.0.3:53 -m -w 2",
    "ipvsadm -a -u 10.96.0.10:53 -r 10.244.0.2:53 -m",
    "ipvsadm -A -f 7 -s sh",
  ])
    expect(await world.run(words)).toMatchObject({ output: "", status: 0 });
});

test("services by protocol and address, real servers below them", async () => {
  expect((await world.run("ipvsadm -Ln")).output).toBe(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.1:443 rr persistent 10800
  -> 192.168.56.11:6443           Masq    1      0          0         
UDP  10.96.0.10:53 wlc
  -> 10.244.0.2:53                Masq    1      0          0         
  -> 10.244.0.3:53                Masq    2      0          0         
FWM  7 sh
`);
});

test("traffic, connections and times", async () => {
  expect((await world.run("ipvsadm -Ln --stats -u 10.96.0.10:53")).output)
    .toBe(`Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
UDP  10.96.0.10:53                       0        0        0        0        0
  -> 10.244.0.2:53                       0        0        0        0        0
  -> 10.244.0.3:53                       0        0        0        0        0
`);
  expect((await world.run("ipvsadm -Lnc")).output).toBe(
    "IPVS connection entries\npro expire state       source             virtual            destination\n",
  );
  await world.run("ipvsadm --set 0 30 0");
  expect((await world.run("ipvsadm -L --timeout")).output).toBe("Timeout (tcp tcpfin udp): 900 30 300\n");
});

test("what is saved makes the same again", async () => {
  const { output } = await world.run("ipvsadm -S -n");
  expect(output).toBe(`-A -t 10.96.0.1:443 -s rr -p 10800
-a -t 10.96.0.1:443 -r 192.168.56.11:6443 -m -w 1
-A -u 10.96.0.10:53 -s wlc
-a -u 10.96.0.10:53 -r 10.244.0.2:53 -m -w 1
-a -u 10.96.0.10:53 -r 10.244.0.3:53 -m -w 2
-A -f 7 -s sh
`);
  await world.run("ipvsadm -C");
  expect(await world.run(`ipvsadm -R <<E\n${output}E`)).toMatchObject({ output: "", status: 0 });
  expect((await world.run("ipvsadm -S -n")).output).toBe(output);
});

test.each([
  ["-A -t 10.96.0.1:443", "Service already exists\n", 255],
  ["-A -t 10.96.0.2:80 -s nosuch", "Scheduler not found\n", 255],
  ["-A -t 10.96.0.2", "Zero port specified for non-persistent service\n", 2],
  ["-A -t nonsense", "illegal virtual server address[:port] specified\n", 2],
  ["-A", "You need to supply the 'service-address' option for the 'add-service' command\n", 2],
  ["-A -t 10.96.0.2:80 -w 3", "Illegal 'weight' option with the 'add-service' command\n", 2],
  ["-E -t 10.96.0.2:80", "No such service\n", 255],
  ["-D -t 10.96.0.2:80", "No such service\n", 255],
  ["-Z -t 10.96.0.2:80", "No such service\n", 255],
  ["-L -t 10.96.0.2:80", "No such service\n", 1],
  ["-a -t 10.96.0.2:80 -r 10.0.0.1 -m", "Service not defined\n", 255],
  ["-a -u 10.96.0.10:53 -r 10.244.0.2:53 -m", "Destination already exists\n", 255],
  ["-d -u 10.96.0.10:53 -r 10.244.0.9:53", "No such destination\n", 255],
  ["-a -u 10.96.0.10:53 -r 10.244.0.9:53 -m -w x", "illegal weight specified\n", 2],
  ["-A -t 10.96.0.2:80 -t 10.96.0.3:80", "multiple 'service-address' options specified\n", 2],
  ["--set 1 2", "--set option requires 3 timeout values\n", 2],
  ["-L extra", "unexpected argument extra\n", 2],
  ["-a -u 10.96.0.10:53 -r 10.244.0.9:53", "drydock: ipvsadm: '-g' is not simulated\n", 64],
  ["--nosuch", "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n", 255],
])("ipvsadm %s", async (words, error, status) => {
  expect(await world.run(`ipvsadm ${words}`)).toMatchObject({ output: error, status });
});
