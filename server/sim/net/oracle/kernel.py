#!/usr/bin/env python3
"""Plays scenarios on the real kernel. Needs root and a mount namespace of its own:

    unshare -m python3 kernel.py < requests > answers

A request is a line of JSON, [op, ...]; an op is {"ns": NAME, "argv": [...]} or {"ns": NAME, "probe": {...}}. The answer is a
line of JSON, a list with {"code", "stderr"} for each command and {"verdict"} for each probe. Every namespace listens on TCP
port 80 and UDP port 53 and tells who seems to ask. Neighbours and cached routes are forgotten before each probe; a question
for a neighbour is asked once and given up after 30 ms; redirects and limits on ICMP errors are off.
"""
import ctypes, errno, json, os, select, signal, socket, struct, subprocess, sys, time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
NETNS = "/run/netns"
WAIT = 0.3
IP_RECVERR, IP_MTU_DISCOVER, IP_PKTINFO = 11, 10, 8


def setns(fd):
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path) as file:
        return file.read()


class Stack:
    def __init__(self, name):
        self.name = name
        self.fd = os.open(f"{NETNS}/{name}", os.O_RDONLY)
        setns(self.fd)
        for key, value in (
            ("icmp_ratelimit", "0"), ("icmp_msgs_per_sec", "100000"), ("icmp_msgs_burst", "100000"),
            ("conf/all/send_redirects", "0"), ("conf/default/send_redirects", "0"),
            ("ip_forward", "0"), ("conf/all/rp_filter", "0"), ("conf/default/rp_filter", "0"),
        ):
            write(f"/proc/sys/net/ipv4/{key}", value)
        write("/proc/sys/net/bridge/bridge-nf-call-iptables", "0")
        for key in ("all", "default"):
            write(f"/proc/sys/net/ipv6/conf/{key}/disable_ipv6", "1")
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind(("0.0.0.0", 80))
        self.tcp.listen(64)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self.udp.bind(("0.0.0.0", 53))
        for one in (self.tcp, self.udp):
            one.setblocking(False)

    def prepare(self):
        setns(self.fd)
        base = "/proc/sys/net/ipv4/neigh"
        for dev in os.listdir(base):
            if dev in ("default", "lo"):
                continue
            for key, value in (("retrans_time_ms", "30"), ("mcast_solicit", "1"), ("ucast_solicit", "1")):
                write(f"{base}/{dev}/{key}", value)
            write(f"/proc/sys/net/ipv4/conf/{dev}/send_redirects", "0")
        if read("/proc/thread-self/net/arp").count("\n") > 1:
            subprocess.run(["ip", "neigh", "flush", "all"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        write("/proc/sys/net/ipv4/route/flush", "1")

    def close(self):
        for one in (self.tcp, self.udp):
            one.close()
        os.close(self.fd)


class World:
    def __init__(self):
        self.stacks = {}
        self.seen = None
        self.number = 0

    def play(self, ops):
        try:
            return [self.one(op) for op in ops]
        finally:
            self.close()

    def close(self):
        setns(HOME)
        for stack in self.stacks.values():
            stack.close()
        for name in os.listdir(NETNS):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL)

    def one(self, op):
        if "probe" in op:
            return {"verdict": self.probe(op["ns"], op["probe"])} if op["ns"] in self.stacks else {"verdict": "no namespace"}
        argv = op["argv"]
        if argv[:3] == ["ip", "netns", "add"]:
            setns(HOME)
            done = subprocess.run(argv, capture_output=True, text=True)
            self.stacks[argv[3]] = Stack(argv[3])
        elif op["ns"] not in self.stacks:
            return {"code": 1, "stderr": "no namespace"}
        elif argv[0] == "sysctl":
            setns(self.stacks[op["ns"]].fd)
            key, value = argv[-1].split("=")
            try:
                write("/proc/sys/" + key.replace(".", "/"), value)
                return {"code": 0, "stderr": ""}
            except OSError as error:
                if error.errno == errno.ENOENT:
                    path = "/proc/sys/" + key.replace(".", "/")
                    return {"code": 1, "stderr": f"sysctl: cannot stat {path}: No such file or directory\n"}
                return {"code": 1, "stderr": error.strerror}
        else:
            setns(self.stacks[op["ns"]].fd)
            done = subprocess.run(argv, capture_output=True, text=True)
        return {"code": done.returncode, "stderr": done.stderr}

    def probe(self, ns, probe):
        for stack in self.stacks.values():
            stack.prepare()
        setns(self.stacks[ns].fd)
        self.seen = None
        self.number = (self.number + 1) % 60000
        try:
            return {"icmp": self.ping, "tcp": self.connect, "udp": self.datagram}[probe["kind"]](probe)
        except OSError as error:
            return errno.errorcode.get(error.errno, str(error.errno))

    def serve(self, mine, events, until):
        """Lets servers answer until something is there for `mine`. False after the time."""
        poll = select.poll()
        servers = {}
        for stack in self.stacks.values():
            for one in (stack.tcp, stack.udp):
                poll.register(one, select.POLLIN)
                servers[one.fileno()] = (stack, one)
        poll.register(mine, events)
        while True:
            left = until - time.monotonic()
            ready = poll.poll(max(0, left * 1000))
            if not ready and left <= 0:
                return False
            for fd, _ in ready:
                if fd in servers:
                    self.answer(*servers[fd])
            if any(fd == mine.fileno() for fd, _ in ready):
                return True

    def answer(self, stack, server):
        try:
            if server is stack.tcp:
                accepted, peer = server.accept()
                self.seen = f"{stack.name} as {peer[0]}"
                accepted.close()
            else:
                _, ancillary, _, peer = server.recvmsg(2000, 200)
                self.seen = f"{stack.name} as {peer[0]}"
                info = next(data for level, kind, data in ancillary if kind == IP_PKTINFO)
                _, spec, _ = struct.unpack("=i4s4s", info)
                pktinfo = struct.pack("=i4s4s", 0, spec, b"\0" * 4)
                server.sendmsg([self.seen.encode()], [(socket.IPPROTO_IP, IP_PKTINFO, pktinfo)], 0, peer)
        except OSError:
            pass

    def ping(self, probe):
        ident, size = 1000 + self.number, probe.get("size", 56)
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        with sock:
            sock.setblocking(False)
            if "from" in probe:
                sock.bind((probe["from"], 0))
            if "ttl" in probe:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, probe["ttl"])
            sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, 2 if probe.get("dontFragment") else 1)
            head = struct.pack("!BBHHH", 8, 0, 0, ident, 1)
            body = b"d" * size
            total = sum(struct.unpack(f"!{(len(head + body) + 1) // 2}H", head + body + b"\0" * (size % 2)))
            while total >> 16:
                total = (total & 0xFFFF) + (total >> 16)
            until = time.monotonic() + WAIT
            sock.sendto(struct.pack("!BBHHH", 8, 0, ~total & 0xFFFF, ident, 1) + body, (probe["to"], 0))
            while self.serve(sock, select.POLLIN, until):
                try:
                    packet, peer = sock.recvfrom(65535)
                except OSError as error:
                    return errno.errorcode[error.errno]
                icmp = packet[(packet[0] & 15) * 4:]
                kind, code = icmp[0], icmp[1]
                if kind == 0 and struct.unpack("!H", icmp[4:6])[0] == ident:
                    return f"reply from {peer[0]} ttl {packet[8]}"
                if kind in (3, 11) and len(icmp) > 8 + 28:
                    inner = icmp[8:]
                    quoted = inner[(inner[0] & 15) * 4:]
                    if inner[9] == 1 and quoted[0] == 8 and struct.unpack("!H", quoted[4:6])[0] == ident:
                        return f"icmp {kind}/{code} from {peer[0]}"
        return "silence"

    def connect(self, probe):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.setblocking(False)
            if "from" in probe:
                sock.bind((probe["from"], 0))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            until = time.monotonic() + WAIT
            code = sock.connect_ex((probe["to"], probe.get("port", 80)))
            if code not in (0, errno.EINPROGRESS):
                return errno.errorcode[code]
            if not self.serve(sock, select.POLLOUT, until):
                return "silence"
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                return errno.errorcode[code]
            until = time.monotonic() + 0.1
            while self.seen is None and time.monotonic() < until:
                self.serve(sock, select.POLLERR, time.monotonic() + 0.02)
            return f"connected to {self.seen or '?'}"

    def datagram(self, probe):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
            if "from" in probe:
                sock.bind((probe["from"], 0))
            sock.connect((probe["to"], probe.get("port", 53)))
            until = time.monotonic() + WAIT
            try:
                sock.send(b"hello")
            except OSError as error:
                return errno.errorcode[error.errno]
            while self.serve(sock, select.POLLIN, until):
                error = self.queued(sock)
                if error:
                    return error
                try:
                    return f"answer of {sock.recv(2000).decode()}"
                except BlockingIOError:
                    continue
                except OSError as failed:
                    return errno.errorcode[failed.errno]
        return "silence"

    def queued(self, sock):
        try:
            _, ancillary, _, _ = sock.recvmsg(2000, 500, socket.MSG_ERRQUEUE)
        except OSError:
            return None
        for _, kind, data in ancillary:
            if kind == IP_RECVERR:
                code, origin, icmp, icmp_code = struct.unpack("=IBBB", data[:7])
                if origin == 2:
                    return f"icmp {icmp}/{icmp_code} from {socket.inet_ntoa(data[20:24])}"
                return errno.errorcode[code]
        return None


HOME = os.open("/proc/self/ns/net", os.O_RDONLY)
subprocess.run(["mount", "--make-rprivate", "/"], check=True)
os.makedirs(NETNS, exist_ok=True)
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", NETNS], check=True)
COST = "/proc/sys/net/ipv4/route/error_cost"
before = read(COST)
write(COST, "0")
for line in sys.stdin:
    try:
        print(json.dumps(World().play(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps({"failed": repr(error)}), flush=True)
write(COST, before)
