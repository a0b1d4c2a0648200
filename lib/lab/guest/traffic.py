"""Keeps traffic going between pairs of nodes, UDP that is answered and one TCP connection each, and counts what was lost.

Reads a line {"pairs": [{"id", "from": node, "source": address, "to": node, "target": address}], "rate": packets per second}
and says {"up": true} once every pair has had an answer and a connection; or, after 20 s, {"up": false, "missing": [text]}, and
ends. Counts from then on, until a further line comes or the input ends. Once all has been answered, or 10 s later, it writes a
line of JSON for each pair:
{"id", "sent", "received", "lostAt", "longestGap", "silentFor", "tcp": {"state", "sent", "received"}}
`lostAt` is when each packet without an answer was sent, in seconds since 1970; `longestGap` are the seconds without an answer,
`silentFor` those since the last one at the end.
"""

import errno, json, os, resource, selectors, socket, sys, time
from wire import MAGIC, family_of, within

resource.setrlimit(resource.RLIMIT_NOFILE, (65536, 65536))

PORT = 7801
UP_WITHIN = 20
# What an emulated machine that is busy takes to answer is far below; whoever has not answered by then never will.
LATE = 10
CONNECT_AGAIN = 1.0
selector = selectors.DefaultSelector()


def name_of(error):
    return errno.errorcode.get(error.errno, str(error))


class Flow:
    def __init__(self, order):
        self.id, self.node, self.far = order['id'], order['from'], order['to']
        self.source, self.target = order['source'], order['target']
        self.family = family_of(self.target)
        self.answered = False
        self.tcp, self.state, self.connect_at = None, 'none', 0
        self.reset()
        self.udp = self.open(socket.SOCK_DGRAM)
        selector.register(self.udp, selectors.EVENT_READ, self.hear_udp)

    def reset(self):
        """What came before does not count."""
        self.sent = self.received = self.tcp_sent = self.tcp_received = 0
        self.counted = False
        self.unanswered = {}
        self.longest = 0.0
        self.last = time.monotonic()

    def open(self, kind):
        with within(self.node):
            opened = socket.socket(self.family, kind)
        opened.setblocking(False)
        opened.bind((self.source, 0))
        return opened

    # ---- sending

    def send(self):
        self.send_udp()
        if self.counted and self.state == 'open':
            self.send_tcp()

    def send_udp(self):
        self.sent += self.counted
        if self.counted:
            self.unanswered[self.sent] = time.time()
        try:
            self.udp.sendto(MAGIC + b'%d' % self.sent, (self.target, PORT))
        except OSError:
            pass  # has no route just now: a packet that is lost

    def send_tcp(self):
        try:
            self.tcp_sent += self.tcp.send(b'.')
        except BlockingIOError:
            pass
        except OSError as error:
            self.end_tcp(name_of(error))

    # ---- what comes back

    def hear_udp(self, _):
        try:
            said = self.udp.recv(200)
        except OSError:
            return
        self.answered = True
        if self.unanswered.pop(int(said[len(MAGIC):]), None) is not None:
            self.received += 1
            self.gap_until(time.monotonic())

    def gap_until(self, now):
        self.longest = max(self.longest, now - self.last)
        self.last = now

    def hear_tcp(self, _):
        try:
            said = self.tcp.recv(4096)
        except BlockingIOError:
            return
        except OSError as error:
            return self.end_tcp(name_of(error))
        if said == b'':
            return self.end_tcp('closed')
        self.tcp_received += len(said)

    # ---- the connection

    def connect(self, now):
        """Before all is up, a connection that is refused is asked for again."""
        if self.state in ('open', 'asked') or now < self.connect_at:
            return
        self.connect_at = now + CONNECT_AGAIN
        try:
            self.tcp = self.open(socket.SOCK_STREAM)
            self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.state = 'asked'
            selector.register(self.tcp, selectors.EVENT_WRITE, self.connected)
            self.tcp.connect((self.target, PORT))
        except BlockingIOError:
            pass
        except OSError as error:
            self.end_tcp(name_of(error))

    def connected(self, _):
        problem = self.tcp.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            return self.end_tcp(errno.errorcode.get(problem, str(problem)))
        self.state = 'open'
        selector.modify(self.tcp, selectors.EVENT_READ, self.hear_tcp)

    def end_tcp(self, state):
        self.state = state
        try:
            selector.unregister(self.tcp)
        except KeyError:
            pass
        self.tcp.close()

    # ---- what is said of it

    def is_waiting(self):
        return bool(self.unanswered) or (self.state == 'open' and self.tcp_received < self.tcp_sent)

    def missing(self):
        return ([] if self.answered else [f'{self.id} udp']) + ([] if self.state == 'open' else [f'{self.id} tcp {self.state}'])

    def result(self, end):
        silent = max(0.0, end - self.last)
        return {
            'id': self.id, 'sent': self.sent, 'received': self.received,
            'lostAt': [round(when, 3) for when in self.unanswered.values()],
            'longestGap': round(max(self.longest, silent), 3), 'silentFor': round(silent, 3),
            'tcp': {'state': self.state, 'sent': self.tcp_sent, 'received': self.tcp_received},
        }


# ---- the far side

def serve(node, address):
    """Bound to the address that is asked, so that the answer leaves with it."""
    family = family_of(address)
    with within(node):
        box, door = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for one in (box, door):
        one.setblocking(False)
        one.bind((address, PORT))
    door.listen(512)
    selector.register(box, selectors.EVENT_READ, echo_datagram)
    selector.register(door, selectors.EVENT_READ, accept)


def echo_datagram(box):
    try:
        said, where = box.recvfrom(200)
        box.sendto(said, where)
    except OSError:
        pass


def accept(door):
    try:
        client, _ = door.accept()
    except OSError:
        return
    client.setblocking(False)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(client, selectors.EVENT_READ, echo_stream)


def echo_stream(client):
    try:
        said = client.recv(4096)
        if said != b'':
            client.send(said)
            return
    except BlockingIOError:
        return
    except OSError:
        pass
    selector.unregister(client)
    client.close()


# ---- all of it

class Input:
    """The order, and afterwards whether it is time to stop."""

    def __init__(self):
        read = b''
        while b'\n' not in read:
            part = os.read(0, 1 << 16)
            if part == b'':
                sys.exit('no order')
            read += part
        line, _, rest = read.partition(b'\n')
        self.order = json.loads(line)
        self.over = rest != b''
        selector.register(0, selectors.EVENT_READ, self.stop)

    def stop(self, number):
        os.read(number, 1 << 16)
        self.over = True
        selector.unregister(number)


def turn_around(pause):
    for key, _ in selector.select(pause):
        key.data(key.fileobj)


def keep_going(flows, rate, is_over, each=lambda flow, now: None):
    """Each flow has its turn, at even intervals; a turn that was missed is not made up for."""
    step = 1 / (rate * len(flows))
    due, turn = time.monotonic(), 0
    while not is_over():
        now = time.monotonic()
        if now >= due:
            flow = flows[turn % len(flows)]
            each(flow, now)
            flow.send()
            turn += 1
            due = max(due + step, now - 10 * step)
        turn_around(max(0, min(0.2, due - time.monotonic())))


def say(**word):
    print(json.dumps(word), flush=True)


def main():
    heard = Input()
    order = heard.order
    for node, address in sorted({(pair['to'], pair['target']) for pair in order['pairs']}):
        serve(node, address)
    flows = [Flow(pair) for pair in order['pairs']]
    end = time.monotonic() + UP_WITHIN
    all_up = lambda: not any(flow.missing() for flow in flows)
    keep_going(flows, order['rate'], lambda: all_up() or heard.over or time.monotonic() > end, Flow.connect)
    if not all_up():
        say(up=False, missing=[text for flow in flows for text in flow.missing()])
        sys.exit()
    for flow in flows:
        flow.reset()
        flow.counted = True
    say(up=True)
    keep_going(flows, order['rate'], lambda: heard.over)
    stopped = time.monotonic()
    while time.monotonic() < stopped + LATE and any(flow.is_waiting() for flow in flows):
        turn_around(0.05)
    for flow in flows:
        say(**flow.result(stopped))


main()
