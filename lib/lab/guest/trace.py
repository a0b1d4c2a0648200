"""Sends one flow and listens on every interface of every node: where its packets were seen, in order.

Reads {"nodes": [node], "probe": probe as in probe.py, "seconds"} and writes a line of JSON for each sighting: {"at", "node",
"interface", "way": "in" | "out", "source", "target", "tunnel"}.
"""

import json, select, socket, struct, subprocess, sys, time
from wire import within

WAYS = {0: 'in', 1: 'in', 2: 'in', 3: 'in', 4: 'out'}


def main():
    order = json.load(sys.stdin)
    probe = order['probe']
    own_port = 10000 + probe['id'] % 50000
    marks = [b'metal-fabric/%d/' % probe['id']]
    if probe['protocol'] != 'icmp':
        marks += [struct.pack('!HH', own_port, probe['port']), struct.pack('!HH', probe['port'], own_port)]
    poll, ears = select.poll(), {}
    for node in order['nodes']:
        with within(node):
            ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        ear.setblocking(False)
        poll.register(ear.fileno(), select.POLLIN)
        ears[ear.fileno()] = (node, ear)
    sender = subprocess.Popen([sys.executable, __file__.replace('trace.py', 'probe.py')], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    sender.stdin.write(json.dumps({'listen': order['listen'], 'probes': [probe]}).encode())
    sender.stdin.close()
    start, seen = time.monotonic(), set()
    while time.monotonic() - start < order['seconds']:
        for number, _ in poll.poll(100):
            node, ear = ears[number]
            for _ in range(200):
                try:
                    data, where = ear.recvfrom(9300)
                except BlockingIOError:
                    break
                if any(mark in data for mark in marks):
                    tell(node, where, data, seen, start)
        if sender.poll() is not None and time.monotonic() - start > order['seconds'] / 2:
            break
    sender.wait()


def tell(node, where, data, seen, start):
    interface, kind, way = where[0], where[1], WAYS.get(where[2], 'in')
    if kind == 0x8100 or interface == 'lo':
        return
    # A VRF and other devices without a link layer hand out packets from the IP header on.
    at = 14 if len(data) > 14 and data[12:14] in (b'\x08\0', b'\x86\xdd') else 0
    packet = data[at:]
    if kind not in (0x0800, 0x86DD) or not packet:
        return
    source, target = addresses(packet)
    tunnel = None
    if packet[0] >> 4 == 4 and packet[9] == 17 and struct.unpack('!H', packet[22:24])[0] == 4789:
        tunnel = f'{source} to {target}, VNI {int.from_bytes(packet[32:35], "big")}'
        source, target = addresses(packet[50:])
    key = (node, interface, way, source, target, tunnel)
    if key in seen:
        return
    seen.add(key)
    print(json.dumps({'at': round(time.monotonic() - start, 4), 'node': node, 'interface': interface, 'way': way, 'source': source, 'target': target, 'tunnel': tunnel}), flush=True)


def addresses(packet):
    if packet[0] >> 4 == 6:
        return socket.inet_ntop(socket.AF_INET6, packet[8:24]), socket.inet_ntop(socket.AF_INET6, packet[24:40])
    return socket.inet_ntop(socket.AF_INET, packet[12:16]), socket.inet_ntop(socket.AF_INET, packet[16:20])


main()
