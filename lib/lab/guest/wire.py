"""Sockets in the network namespaces of nodes, and packets made by hand."""

import ctypes, fcntl, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
OWN = os.open('/proc/self/ns/net', os.O_RDONLY)
NEWNET = 0x40000000
# What makes a packet ours: nothing else in the fabric carries this.
MAGIC = b'metal-fabric/'
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58


class within:
    """The calling thread is in the node's network; a socket made there stays there."""

    def __init__(self, node):
        self.node = node

    def __enter__(self):
        number = os.open(f'/run/netns/{self.node}', os.O_RDONLY)
        try:
            if libc.setns(number, NEWNET):
                raise OSError(ctypes.get_errno(), f'cannot enter {self.node}')
        finally:
            os.close(number)

    def __exit__(self, *_):
        libc.setns(OWN, NEWNET)


def family_of(address):
    return socket.AF_INET6 if ':' in address else socket.AF_INET


def plain(address):
    """An address as it is written where there is IPv4 only."""
    return address[7:] if address.startswith('::ffff:') and '.' in address else address


def mac_of(node, interface):
    with within(node), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return fcntl.ioctl(asked, 0x8927, struct.pack('256s', interface.encode()))[18:24]


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo(family, identifier, sequence, payload):
    """An echo request; the checksum of ICMPv6 is the kernel's, or that of `packet`, to fill in."""
    kind = 128 if family == socket.AF_INET6 else 8
    head = struct.pack('!BBHHH', kind, 0, 0, identifier, sequence)
    if family == socket.AF_INET:
        head = struct.pack('!BBHHH', kind, 0, checksum(head + payload), identifier, sequence)
    return head + payload


def packet(source, target, protocol, body):
    """An IP packet; `body` has its checksum filled in here."""
    family = family_of(target)
    size = 16 if family == socket.AF_INET6 else 4
    a, b = socket.inet_pton(family, source), socket.inet_pton(family, target)
    place = {TCP: 16, UDP: 6, ICMP6: 2}.get(protocol)
    if place is not None:
        pseudo = a + b + (struct.pack('!IHBB', len(body), 0, 0, protocol) if size == 16 else struct.pack('!BBH', 0, protocol, len(body)))
        value = checksum(pseudo + body[:place] + b'\0\0' + body[place + 2:]) or 0xFFFF
        body = body[:place] + struct.pack('!H', value) + body[place + 2:]
    if size == 16:
        return struct.pack('!IHBB', 6 << 28, len(body), protocol, 64) + a + b + body
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0) + a + b
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + body


def segment(source_port, target_port, sequence=1):
    """A TCP segment that asks for a connection."""
    return struct.pack('!HHIIBBHHH', source_port, target_port, sequence, 0, 5 << 4, 2, 64240, 0, 0)


def datagram(source_port, target_port, payload):
    return struct.pack('!HHHH', source_port, target_port, 8 + len(payload), 0) + payload


wires = {}


def send_frame(node, interface, target_mac, data):
    """Puts a packet on a wire, whatever the node's routes, addresses and filters say."""
    if (node, interface) not in wires:
        # Kept open: the kernel takes its time to close such a socket. Protocol 0 means that it hears nothing.
        with within(node):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        wire.bind((interface, 0))
        wires[node, interface] = wire
    wire = wires[node, interface]
    kind = 0x86DD if data[0] >> 4 == 6 else 0x0800
    wire.send(target_mac + wire.getsockname()[4] + struct.pack('!H', kind) + data)
