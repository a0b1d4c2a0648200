"""The guest's side of a virtual fabric: makes nodes out of namespaces, and runs programs in them.

Knows nothing of fabrics. A request is a line of JSON; so is each answer, and the last one of a request has `end`. A client
that hangs up ends what it has started. Requests:

  {"do": "nodes", "nodes": [{"name", "files": [{"path", "mode", "data"}]}], "links": [[node, interface, node, interface]]}
  {"do": "power", "node", "on": true | false}
  {"do": "write", "node", "files"}
  {"do": "exec", "node", "argv", "tty": null | [rows, columns], "env"}   then {"in"}, {"eof"}, {"size"}; answers {"out"}, {"err"}, {"exit"}
  {"do": "each", "nodes", "argv", "parallel"}                            answers {"node", "exit", "out", "seconds"}
  {"do": "hello", "hello"}                                               answers {"hello"}, the same word
  {"do": "off"}

Bytes travel as base64. A node is null for the guest itself.
"""

import base64, collections, concurrent.futures, ctypes, fcntl, json, os, select, signal, socket, struct, subprocess, sys, termios, threading, time, traceback

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
BIND, REC, PRIVATE, DETACH = 4096, 16384, 1 << 18, 2
NODES = '/nodes'
PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
# Python's own start and the search for a terminal's language are all that these change.
BASE_ENV = {'PATH': PATH, 'HOME': '/root', 'LC_ALL': 'C.UTF-8', 'PYTHONDONTWRITEBYTECODE': '1', 'TERM': 'xterm'}
making = threading.Lock()
pids = {}  # of a node that is switched off, None
cables = collections.defaultdict(list)
kernel_is_shared = sys.argv[1] == 'socket'  # with whatever else runs on that machine


def checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f'{what}: {os.strerror(number)}')


def mount(source, target, kind=None, flags=0, data=None):
    text = lambda value: None if value is None else value.encode()
    checked(libc.mount(text(source), text(target), text(kind), flags, text(data)), f'mount {kind or source} on {target}')


def inside(name):
    """How a program of the guest's gets into a node."""
    if name is None:
        return []
    return ['nsenter', '-t', str(pid_of(name)), '-m', '-u', '-i', '-n', '-p', '--']


def pid_of(name):
    if name not in pids:
        raise LookupError(f'there is no node {name}')
    if pids[name] is None:
        raise LookupError(f'{name} is switched off')
    return pids[name]


def write_files(base, files):
    for file in files:
        path = os.path.normpath(base + '/' + file['path'])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # As a whole or not at all, also for who reads it at this moment.
        with open(path + '.new', 'wb') as out:
            out.write(base64.b64decode(file['data']))
        os.chmod(path + '.new', file.get('mode', 0o644))
        os.rename(path + '.new', path)


# ---- nodes

DISK = ('etc', 'log', 'lib', 'home', 'root', 'var-tmp')
MEMORY = ('run', 'tmp')


def make_node(name, files):
    """A node is a set of namespaces with folders of its own for what a device keeps, held by a process that is its pid 1."""
    base = f'{NODES}/{name}'
    for part in DISK + MEMORY + ('work',):
        os.makedirs(f'{base}/{part}', exist_ok=True)
    os.makedirs(f'{base}/etc/frr', exist_ok=True)
    write_files(f'{base}/files', files)
    if os.path.isdir(f'{base}/files/etc'):
        subprocess.run(['cp', '-a', f'{base}/files/etc/.', f'{base}/etc'], check=True)
    renew_network(name)
    start_node(name)
    syslog.listen(name)


def start_node(name):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        become_node(name, f'{NODES}/{name}', writer)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if not said.isdigit():
        raise RuntimeError(f'{name}: {said}')
    pids[name] = int(said)
    os.makedirs('/run/nodes', exist_ok=True)
    with open(f'/run/nodes/{name}', 'w') as out:
        out.write(said)


def become_node(name, base, writer):
    try:
        os.setsid()
        network = os.open(f'/run/netns/{name}', os.O_RDONLY)
        checked(libc.setns(network, NEWNET), 'setns')
        checked(libc.unshare(NEWNS | NEWUTS | NEWIPC | NEWPID), 'unshare')
        first = os.fork()
        if first:
            os.write(writer, str(first).encode())
            os._exit(0)
        mount(None, '/', flags=REC | PRIVATE)
        # Else every node would hold the networks of all that were there before it.
        checked(libc.umount2(b'/run', DETACH), 'umount /run')
        mount('proc', '/proc', 'proc')
        mount('sysfs', '/sys', 'sysfs')
        mount('overlay', '/etc', 'overlay', 0, f'lowerdir=/etc,upperdir={base}/etc,workdir={base}/work')
        places = (('run', '/run'), ('tmp', '/tmp'), ('log', '/var/log'), ('lib', '/var/lib'), ('home', '/home'), ('root', '/root'), ('var-tmp', '/var/tmp'))
        for part, place in places:
            mount(f'{base}/{part}', place, flags=BIND)
        for folder in ('/tmp', '/var/tmp'):
            os.chmod(folder, 0o1777)
        for folder in ('/run/frr', '/var/log/frr', '/var/lib/frr', '/var/tmp/frr', '/run/network'):
            os.makedirs(folder, 0o755, exist_ok=True)
        for folder in ('/run/frr', '/var/log/frr', '/var/lib/frr', '/var/tmp/frr', '/etc/frr'):
            own(folder, 'frr', 'frr')
        checked(libc.sethostname(name.encode(), len(name)), 'sethostname')
        libc.prctl(15, f'init-{name}'[:15].encode(), 0, 0, 0)
        # Whoever is left without a parent is this process's to bury; the kernel does so when nobody asks.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        nothing = os.open('/dev/null', os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.closerange(3, 4096)
        while True:
            signal.pause()
    except BaseException as error:
        os.write(writer, repr(error).encode())
        os._exit(1)


def renew_network(name):
    """An empty network namespace for a node, under its name. Of one that was there, the cables come over, as the factory set them."""
    os.makedirs('/run/netns', exist_ok=True)
    place = f'/run/netns/{name}'
    before = os.open(place, os.O_RDONLY) if os.path.exists(place) else None
    if before is None:
        open(place, 'w').close()
    else:
        checked(libc.umount2(place.encode(), DETACH), f'umount {place}')
    bind_new_network(place)
    if kernel_is_shared:
        lift_route_counter(name)
    if before is None:
        return
    moves = ''.join(f'link set {cable} netns {name}\n' for cable in cables[name])
    subprocess.run(['nsenter', f'--net=/proc/self/fd/{before}', 'ip', '-batch', '-'], input=moves.encode(), pass_fds=[before], check=True)
    os.close(before)
    resets = ''.join(f'link set {cable} mtu 1500 group default\n' for cable in cables[name])
    subprocess.run(['ip', '-netns', name, '-batch', '-'], input=resets.encode(), check=True)


def bind_new_network(place):
    child = os.fork()
    if child == 0:
        made = libc.unshare(NEWNET) == 0 and libc.mount(b'/proc/self/ns/net', place.encode(), None, BIND, None) == 0
        os._exit(0 if made else ctypes.get_errno() or 1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        raise OSError(status, f'no network for {place}: {os.strerror(status)}')


def lift_route_counter(name=None):
    """Lets the counter of IPv6 routing changes of a node, or of the guest's own network, start at 65,536.

    A connection keeps its route while the counter of its namespace stands still. Of a route that was given up meanwhile, Linux 6.12 and
    6.18 ask the counter of the kernel's first namespace instead: where that stands at the same number, what a node sends over the
    connection is lost in the node itself (docs/lab.md). So these counters must not meet. A nexthop that is replaced counts for each of its routes.
    """
    at = [] if name is None else ['-netns', name]
    lines = ['link set lo up', 'nexthop add id 1 blackhole']
    lines += [f'route add fd00::{number:x}/128 nhid 1' for number in range(256)]
    lines += ['nexthop replace id 1 blackhole'] * 255 + ['nexthop del id 1']
    lines += [] if name is None else ['link set lo down']
    subprocess.run(['ip', *at, '-6', '-batch', '-'], input='\n'.join(lines).encode(), check=True)


def switch_off(name):
    """The end of every process, as by a power cut: what is on disk stays, and the cables, which lose carrier."""
    pid = pid_of(name)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)  # not before all of the node have ended
    pids[name] = None
    os.unlink(f'/run/nodes/{name}')
    renew_network(name)
    for part in MEMORY:
        folder = f'{NODES}/{name}/{part}'
        for entry in os.listdir(folder):
            if entry != 'devlog':  # whoever listens to it goes on
                subprocess.run(['rm', '-rf', f'{folder}/{entry}'], check=True)


def own(path, user, group):
    import grp, pwd
    owner, member = pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid
    os.chown(path, owner, member)
    for entry in os.listdir(path):
        os.chown(f'{path}/{entry}', owner, member)


def link_up(links):
    at = lambda node: '' if node is None else f' netns {node}'
    lines = ''.join(f'link add {a}{at(one)} type veth peer name {b}{at(other)}\n' for one, a, other, b in links)
    ran = subprocess.run(['ip', '-batch', '-'], input=lines, text=True, capture_output=True)
    if ran.returncode:
        raise RuntimeError(f'links: {ran.stderr.strip()}')
    for one, a, other, b in links:
        cables[one].append(a)
        cables[other].append(b)


class Syslog(threading.Thread):
    """Keeps what the daemons of each node say: /dev/log leads to a socket in the node's own /run."""

    def __init__(self):
        super().__init__(daemon=True)
        self.poll = select.epoll()
        self.sockets = {}

    def listen(self, name):
        place = f'{NODES}/{name}/run/devlog'
        if os.path.exists(place):
            os.unlink(place)
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        heard.bind(place)
        os.chmod(place, 0o666)
        self.sockets[heard.fileno()] = (heard, open(f'{NODES}/{name}/log/syslog', 'ab', buffering=0))
        self.poll.register(heard.fileno(), select.EPOLLIN)

    def run(self):
        while True:
            for number, _ in self.poll.poll():
                heard, kept = self.sockets[number]
                line = heard.recv(65536).rstrip(b'\0\n')
                kept.write(line[line.find(b'>') + 1:] + b'\n')


syslog = Syslog()


# ---- sessions

class Port:
    """One client at a time, in lines of JSON."""

    def __init__(self, number):
        self.number = number
        self.rest = b''
        self.lock = threading.Lock()

    def connected(self, wait=0):
        ready = select.poll()
        ready.register(self.number, select.POLLIN)
        return not any(event & (select.POLLHUP | select.POLLERR) for _, event in ready.poll(wait))

    def line(self):
        """The next line, or None when the client has hung up."""
        while b'\n' not in self.rest:
            part = os.read(self.number, 1 << 18)
            if part == b'':
                return None
            self.rest += part
        line, self.rest = self.rest.split(b'\n', 1)
        return json.loads(line)

    def say(self, **answer):
        data = json.dumps(answer).encode() + b'\n'
        with self.lock:
            while data:
                data = data[os.write(self.number, data):]


def serve(port):
    """Requests of one client, until it hangs up."""
    while True:
        request = port.line()
        if request is None:
            return
        if 'do' not in request:
            continue  # a word to a program that has ended meanwhile
        try:
            DOES[request['do']](port, request)
            port.say(end=True)
        except (OSError, LookupError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            if isinstance(error, BrokenPipeError):
                return
            sys.stderr.write(traceback.format_exc())
            port.say(end=True, error=str(error))


def do_nodes(port, request):
    with making:
        for node in request['nodes']:
            make_node(node['name'], node['files'])
        link_up(request['links'])


def do_power(_, request):
    name, on = request['node'], request['on']
    with making:
        if name not in pids:
            raise LookupError(f'there is no node {name}')
        if (pids[name] is not None) == on:
            raise LookupError(f'{name} is {"on" if on else "off"} already')
        start_node(name) if on else switch_off(name)


def do_write(_, request):
    node = request['node']
    # Through the node's own eyes: a file of an overlay is written from above.
    base = '/' if node is None else f'/proc/{pid_of(node)}/root'
    write_files(base, request['files'])
    if node is not None:
        own(f'{base}/etc/frr', 'frr', 'frr')


def do_exec(port, request):
    argv = inside(request['node']) + request['argv']
    env = {**BASE_ENV, **request.get('env', {})}
    terminal = request.get('tty')
    if terminal:
        master, slave = os.openpty()
        resize(master, terminal)
        child = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
                                 preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        sources, sink = {master: 'out'}, master
    else:
        child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, start_new_session=True)
        sources, sink = {child.stdout.fileno(): 'out', child.stderr.fileno(): 'err'}, child.stdin.fileno()
    try:
        converse(port, child, sources, sink, bool(terminal))
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        if terminal:
            os.close(sink)
        else:
            for pipe in (child.stdin, child.stdout, child.stderr):
                try:
                    pipe.close()
                except OSError:
                    pass


def converse(port, child, sources, sink, terminal):
    """Passes on what either side says, until the program has ended and said all, or the client is gone."""
    def heed(word):
        if word is None:
            raise BrokenPipeError('the client has hung up')
        if 'in' in word:
            try:
                data = base64.b64decode(word['in'])
                while data:
                    data = data[os.write(sink, data):]
            except OSError:
                pass  # the program no longer listens
        if word.get('eof') and not terminal:
            child.stdin.close()
        if 'size' in word and terminal:
            resize(sink, word['size'])

    poll = select.poll()
    poll.register(port.number, select.POLLIN)
    for number in sources:
        poll.register(number, select.POLLIN)
    done = None
    while sources:
        # What came together with the request is here already, and nothing would wake us for it.
        while b'\n' in port.rest:
            heed(port.line())
        # A daemon that was started may keep an output open for ever: its starter's end is enough, and a moment for the rest.
        if done is None and child.poll() is not None:
            done = time.monotonic() + 0.2
        if done is not None and time.monotonic() > done:
            break
        for number, event in poll.poll(50):
            if number == port.number:
                if event & (select.POLLHUP | select.POLLERR):
                    raise BrokenPipeError('the client has hung up')
                heed(port.line())
                continue
            try:
                part = os.read(number, 1 << 16)
            except OSError:
                part = b''
            if part == b'':
                poll.unregister(number)
                del sources[number]
            else:
                port.say(**{sources[number]: base64.b64encode(part).decode()})
    port.say(exit=child.wait())


def resize(terminal, size):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', size[0], size[1], 0, 0))


def do_each(port, request):
    def one(name):
        start = time.monotonic()
        # To a file, not a pipe: a daemon may keep its output, and a reader would wait for ever.
        with open(f'/run/each-{name}', 'wb+') as said:
            code = subprocess.run(inside(name) + request['argv'], stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=BASE_ENV).returncode
            said.seek(0)
            text = said.read().decode(errors='replace')
        port.say(node=name, exit=code, out=text, seconds=time.monotonic() - start)

    with concurrent.futures.ThreadPoolExecutor(request['parallel']) as pool:
        for result in [pool.submit(one, name) for name in request['nodes']]:
            result.result()


def do_off(port, _):
    port.say(end=True)
    time.sleep(0.1)
    if os.path.exists('/run/lab-is-qemu'):
        with open('/proc/sysrq-trigger', 'w') as trigger:
            trigger.write('o')
        time.sleep(60)
    os._exit(0)


DOES = {'nodes': do_nodes, 'power': do_power, 'write': do_write, 'exec': do_exec, 'each': do_each, 'off': do_off, 'hello': lambda port, request: port.say(hello=request['hello'])}


# ---- ways in

def serve_devices(numbers):
    """The ports of qemu's: they are there all the time, and hung up while no client is connected."""
    idle = [Port(number) for number in numbers]

    def serve_one(port):
        try:
            serve(port)
        except OSError:
            pass
        idle.append(Port(port.number))

    while True:
        for port in list(idle):
            if port.connected():
                idle.remove(port)
                threading.Thread(target=serve_one, args=(port,), daemon=True).start()
        # A port that is hung up cannot be waited for; looking more often would cost more than it gains.
        time.sleep(0.1)


def serve_socket(path):
    """A socket of this machine's, where the nodes are namespaces of its kernel."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(64)
    while True:
        client, _ = door.accept()
        threading.Thread(target=serve_client, args=(client,), daemon=True).start()


def serve_client(client):
    try:
        serve(Port(client.fileno()))
    except OSError:
        pass
    finally:
        client.close()


def main():
    os.makedirs(NODES, exist_ok=True)
    mount('tmpfs', NODES, 'tmpfs')
    mount(None, NODES, flags=PRIVATE)
    if not os.path.lexists('/dev/log'):
        os.symlink('/run/devlog', '/dev/log')
    syslog.start()
    if kernel_is_shared:
        serve_socket(sys.argv[2])
    lift_route_counter()
    open('/run/lab-is-qemu', 'w').close()
    serve_devices([int(sys.argv[2])] + [os.open(path, os.O_RDWR) for path in sys.argv[3:]])


main()
