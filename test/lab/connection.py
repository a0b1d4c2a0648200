"""connection.py NODE NODE: a TCP connection over IPv6 from one node to the other, along their eth1, while the first gets one route after the other.

Each route is followed by a packet of another socket, so that Linux gives up the way that the connection has kept, and by a byte of the
connection. Says "N changes" once it has lived through all of them, or else "stuck after N changes".
"""

import os, socket, subprocess, sys
from wire import within

NODES = sys.argv[1:]
CHANGES = 300
# What is kept of a way is kept for each CPU.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def ip(node, *lines):
    subprocess.run(['ip', '-netns', node, '-6', '-batch', '-'], input='\n'.join(lines).encode(), check=True)


def opened(node, kind, number, port=0):
    with within(node):
        made = socket.socket(socket.AF_INET6, kind)
    made.settimeout(5)
    made.bind((f'fd00::{number}', port))
    return made


for node, own in ((NODES[0], 1), (NODES[1], 2)):
    ip(node, 'link set lo up', 'link set eth1 addrgenmode none up', f'address add fe80::{own}/64 dev eth1 nodad', f'address add fd00::{own}/128 dev lo')
for node, far in ((NODES[0], 2), (NODES[1], 1)):
    ip(node, f'nexthop add id 7 via fe80::{far} dev eth1', f'route add fd00::{far}/128 nhid 7')
door, box = opened(NODES[1], socket.SOCK_STREAM, 2, 7801), opened(NODES[1], socket.SOCK_DGRAM, 2, 7801)
door.listen()
connection, other = opened(NODES[0], socket.SOCK_STREAM, 1), opened(NODES[0], socket.SOCK_DGRAM, 1)
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
connection.connect(('fd00::2', 7801))
accepted, _ = door.accept()
accepted.settimeout(5)
for change in range(CHANGES):
    ip(NODES[0], f'route add fd00:1::{change:x}/128 dev eth1')
    other.sendto(b'.', ('fd00::2', 7801))
    box.recv(10)
    connection.send(b'.')
    try:
        accepted.recv(10)
    except socket.timeout:
        print(f'stuck after {change} changes')
        break
else:
    print(f'{CHANGES} changes')
