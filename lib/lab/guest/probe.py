"""Tries flows: sends packets from one node to another, and says what arrived where, seen as whom, and what came back.

Reads {"listen": {node: {"tcp": [port], "udp": [port]}}, "probes": [probe]} and writes one line of JSON for each probe as it ends.
A probe is {"id", "node", "source", "target", "protocol", "port", "wait", "uplinks": [[interface, node, interface]], "forge"}:
`wait` are the seconds until silence counts; `uplinks` are the wires over which a packet is sent by hand when the node itself
has no route, or, with `forge`, in any case and only so.
"""

import errno, heapq, json, selectors, socket, struct, sys, time
from wire import ICMP, ICMP6, MAGIC, TCP, UDP, datagram, echo, family_of, mac_of, packet, plain, segment, send_frame, within

import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (65536, 65536))

IN_FLIGHT = 400
AGAIN = 1.0
selector = selectors.DefaultSelector()
macs = {}


class Probe:
    def __init__(self, order):
        self.__dict__.update(order)
        self.family = family_of(self.target)
        self.token = MAGIC + b'%d/' % self.id
        self.own_port = 10000 + self.id % 50000
        self.sent = self.tries = 0
        self.arrived = []
        self.answer = self.error = None
        self.socket = None
        self.over = False

    def result(self):
        return {'id': self.id, 'sent': self.sent, 'arrived': self.arrived, 'answered': self.answer is not None, 'error': self.error}

    # ---- sending

    def go(self):
        self.tries += 1
        if self.forge:
            return self.send_by_hand()
        try:
            getattr(self, 'go_' + self.protocol)()
        except BlockingIOError:
            self.sent += 1
        except OSError as error:
            self.error = errno.errorcode.get(error.errno, str(error))
            if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EINVAL):
                self.send_by_hand()

    def go_tcp(self):
        if self.socket is not None:
            return  # the kernel repeats what asks for a connection
        self.open(socket.SOCK_STREAM, self.own_port)
        selector.register(self.socket, selectors.EVENT_WRITE, self.connected)
        self.socket.connect((self.target, self.port))

    def go_udp(self):
        if self.socket is None:
            self.open(socket.SOCK_DGRAM, self.own_port)
            selector.register(self.socket, selectors.EVENT_READ, self.replied)
        self.socket.sendto(self.token, (self.target, self.port))
        self.sent += 1

    def go_icmp(self):
        if self.socket is None:
            protocol = socket.IPPROTO_ICMPV6 if self.family == socket.AF_INET6 else socket.IPPROTO_ICMP
            self.open(socket.SOCK_RAW, 0, protocol)
            selector.register(self.socket, selectors.EVENT_READ, self.echoed)
        self.socket.sendto(echo(self.family, self.own_port, self.tries, self.token), (self.target, 0))
        self.sent += 1

    def open(self, kind, port, protocol=0):
        with within(self.node):
            self.socket = socket.socket(self.family, kind, protocol)
        self.socket.setblocking(False)
        if kind == socket.SOCK_STREAM:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((self.source, port))

    def send_by_hand(self):
        number = ICMP6 if self.family == socket.AF_INET6 else ICMP
        body, protocol = {
            'tcp': lambda: (segment(self.own_port, self.port), TCP),
            'udp': lambda: (datagram(self.own_port, self.port, self.token), UDP),
            'icmp': lambda: (echo(self.family, self.own_port, self.tries, self.token), number),
        }[self.protocol]()
        for interface, node, other in self.uplinks:
            try:
                if (node, other) not in macs:
                    macs[node, other] = mac_of(node, other)
                send_frame(self.node, interface, macs[node, other], packet(self.source, self.target, protocol, body))
                self.sent += 1
            except OSError as error:
                self.error = errno.errorcode.get(error.errno, str(error))

    # ---- what comes back

    def connected(self, _):
        problem = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            self.error = errno.errorcode.get(problem, str(problem))
            selector.unregister(self.socket)
            return
        selector.modify(self.socket, selectors.EVENT_READ, self.told)

    def told(self, _):
        try:
            said = self.socket.recv(200).decode()
        except OSError as error:
            self.error = errno.errorcode.get(error.errno, str(error))
            selector.unregister(self.socket)
            return
        selector.unregister(self.socket)
        if said:
            node, source = said.split()
            self.seen(node, source)
            self.answer = source
            self.over = True

    def replied(self, _):
        try:
            said, _ = self.socket.recvfrom(200)
        except OSError as error:
            self.error = errno.errorcode.get(error.errno, str(error))
            return
        if said.startswith(self.token):
            self.answer = said[len(self.token):].decode()
            self.over = True

    def echoed(self, _):
        try:
            said, _ = self.socket.recvfrom(2000)
        except OSError as error:
            self.error = errno.errorcode.get(error.errno, str(error))
            return
        kind = said[0] if self.family == socket.AF_INET6 else said[20]
        if kind in (0, 129) and self.token in said:
            self.answer = 'echo'
            self.over = True

    def seen(self, node, source):
        if [node, source] not in self.arrived:
            self.arrived.append([node, source])

    def close(self):
        self.over = True
        if self.socket is not None:
            try:
                selector.unregister(self.socket)
            except (KeyError, ValueError):
                pass
            self.socket.close()


# ---- the far side

def listen(node, tcp, udp, found, by_port):
    with within(node):
        for port in tcp:
            for door in doors(port, {probe.target for probe in by_port.values() if probe.port == port}):
                door.setblocking(False)
                selector.register(door, selectors.EVENT_READ, lambda at: accept(node, at))
        for port in udp:
            box = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            box.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            # The answer leaves with the address that was asked.
            box.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            box.setsockopt(socket.IPPROTO_IP, 8, 1)
            box.bind(('::', port))
            box.setblocking(False)
            selector.register(box, selectors.EVENT_READ, lambda at: receive(node, at, found))
        for family, protocol in ((socket.AF_INET, socket.IPPROTO_ICMP), (socket.AF_INET6, socket.IPPROTO_ICMPV6)):
            ear = socket.socket(family, socket.SOCK_RAW, protocol)
            ear.setblocking(False)
            selector.register(ear, selectors.EVENT_READ, lambda at, family=family: overhear_echo(node, at, family, found))
        for family in (socket.AF_INET, socket.AF_INET6):
            ear = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            ear.setblocking(False)
            selector.register(ear, selectors.EVENT_READ, lambda at, family=family: overhear_syn(node, at, family, by_port))


def doors(port, targets):
    """Listeners on a port of all addresses; where somebody has it on one already, as sshd of management has, on the others."""
    try:
        return [door_at('::', port)]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
    found = []
    for target in targets:
        try:
            found.append(door_at(target, port))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:  # it is another node's
                raise
    return found


def door_at(address, port):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_INET6:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((address, port))
    door.listen(512)
    return door


def accept(node, door):
    try:
        client, where = door.accept()
    except OSError:
        return
    client.sendall(f'{node} {plain(where[0])}'.encode())
    client.close()


def receive(node, box, found):
    data, extra, _, where = box.recvmsg(2000, 256)
    probe = found(data)
    if probe is None:
        return
    source = plain(where[0])
    probe.seen(node, source)
    keep = [(level, kind, value) for level, kind, value in extra if kind in (socket.IPV6_PKTINFO, 8)]
    try:
        box.sendmsg([probe.token + source.encode()], pktinfo(keep), 0, where)
    except OSError:
        pass


def pktinfo(extra):
    """The address that was asked, without the interface it was asked on: the way back may be another."""
    out = []
    for level, kind, value in extra:
        if level == socket.IPPROTO_IPV6:
            out.append((level, kind, value[:16] + b'\0\0\0\0'))
        else:
            out.append((level, kind, b'\0\0\0\0' + value[4:8] + value[8:12]))
    return out


def overhear_echo(node, ear, family, found):
    data, where = ear.recvfrom(2000)
    kind = data[0] if family == socket.AF_INET6 else data[20]
    if kind in (8, 128):
        probe = found(data)
        if probe is not None:
            probe.seen(node, where[0])


def overhear_syn(node, ear, family, by_port):
    for _ in range(64):
        try:
            data, where = ear.recvfrom(2000)
        except BlockingIOError:
            return
        at = 0 if family == socket.AF_INET6 else (data[0] & 15) * 4
        own_port, port = struct.unpack('!HH', data[at:at + 4])
        if data[at + 13] & 0x12 == 2:
            probe = by_port.get((own_port, port))
            if probe is not None:
                probe.seen(node, where[0])


# ---- all of it

def main():
    order = json.load(sys.stdin)
    probes = [Probe(one) for one in order['probes']]
    by_id = {probe.id: probe for probe in probes}
    by_port = {(probe.own_port, probe.port): probe for probe in probes if probe.protocol == 'tcp'}

    def found(data):
        at = data.find(MAGIC)
        if at < 0:
            return None
        digits = data[at + len(MAGIC):].split(b'/', 1)[0]
        return by_id.get(int(digits)) if digits.isdigit() else None

    for node, ports in order['listen'].items():
        listen(node, ports['tcp'], ports['udp'], found, by_port)

    waiting = list(reversed(probes))
    flying, clock, count = set(), [], 0
    while waiting or flying:
        now = time.monotonic()
        started = 0
        while waiting and len(flying) < IN_FLIGHT and started < 20:
            probe = waiting.pop()
            probe.end = now + probe.wait
            flying.add(probe)
            probe.go()
            count += 1
            started += 1
            heapq.heappush(clock, (min(now + AGAIN, probe.end), count, probe))
        pause = 0 if started else max(0, min(0.2, (clock[0][0] - now) if clock else 0.2))
        for key, _ in selector.select(pause):
            key.data(key.fileobj)
        now = time.monotonic()
        while clock and clock[0][0] <= now:
            _, _, probe = heapq.heappop(clock)
            if probe.over:
                continue
            if now >= probe.end:
                probe.over = True
                continue
            probe.go()
            count += 1
            heapq.heappush(clock, (min(now + AGAIN, probe.end), count, probe))
        for probe in [one for one in flying if one.over]:
            flying.remove(probe)
            probe.close()
            done.append(probe)
    # What is on its way when the last one ends has a moment to arrive.
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        for key, _ in selector.select(0.05):
            key.data(key.fileobj)
    for probe in done:
        print(json.dumps(probe.result()), flush=False)


done = []
main()
