"""The guest's side of a virtual fabric: makes nodes out of namespaces, and runs programs in them.

Knows nothing of fabrics. A request is a line of JSON; so is each answer, and the last one of a request has `end`. A client
that hangs up ends what it has started. Requests:

  {"do": "nodes", "nodes": [{"name", "files": [{"path", "mode", "data"}]}], "links": [[node, interface, node, interface]]}
  {"do": "write", "node", "files"}
  {"do": "exec", "node", "argv", "tty": null | [rows, columns], "env"}   then {"in"}, {"eof"}, {"size"}; answers {"out"}, {"err"}, {"exit"}
  {"do": "each", "nodes", "argv", "parallel"}                            answers {"node", "exit", "out", "seconds"}
  {"do": "hello", "hello"}                                               answers {"hello"}, the same word
  {"do": "off"}

Bytes travel as base64. A node is null for the guest itself.
"""

import base64, concurrent.futures, ctypes, fcntl, json, os, select, signal, socket, struct, subprocess, sys, termios, threading, time, traceback

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
BIND, REC, PRIVATE = 4096, 16384, 1 << 18
NODES = '/nodes'
PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
# Python's own start and the search for a terminal's language are all that these change.
BASE_ENV = {'PATH': PATH, 'HOME': '/root', 'LC_ALL': 'C.UTF-8', 'PYTHONDONTWRITEBYTECODE': '1', 'TERM': 'xterm'}
making = threading.Lock()
pids = {}


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
    if name not in pids:
        raise LookupError(f'there is no node {name}')
    return ['nsenter', '-t', str(pids[name]), '-m', '-u', '-i', '-n', '-p', '--']


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

def make_node(name, files):
    """A node is a set of namespaces with folders of its own for what a device keeps, held by a process that is its pid 1."""
    base = f'{NODES}/{name}'
    for part in ('etc', 'run', 'log', 'tmp', 'var-tmp', 'lib', 'work'):
        os.makedirs(f'{base}/{part}', exist_ok=True)
    os.makedirs(f'{base}/etc/frr', exist_ok=True)
    write_files(f'{base}/files', files)
    if os.path.isdir(f'{base}/files/etc'):
        subprocess.run(['cp', '-a', f'{base}/files/etc/.', f'{base}/etc'], check=True)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        become_node(name, base, writer)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if not said.isdigit():
        raise RuntimeError(f'{name}: {said}')
    pids[name] = int(said)
    for folder in ('/run/netns', '/run/nodes'):
        os.makedirs(folder, exist_ok=True)
    with open(f'/run/nodes/{name}', 'w') as out:
        out.write(said)
    open(f'/run/netns/{name}', 'w').close()
    mount(f'/proc/{said}/ns/net', f'/run/netns/{name}', flags=BIND)


def become_node(name, base, writer):
    try:
        os.setsid()
        checked(libc.unshare(NEWNS | NEWUTS | NEWIPC | NEWNET | NEWPID), 'unshare')
        first = os.fork()
        if first:
            os.write(writer, str(first).encode())
            os._exit(0)
        mount(None, '/', flags=REC | PRIVATE)
        mount('proc', '/proc', 'proc')
        mount('sysfs', '/sys', 'sysfs')
        mount('overlay', '/etc', 'overlay', 0, f'lowerdir=/etc,upperdir={base}/etc,workdir={base}/work')
        for part, place in (('run', '/run'), ('log', '/var/log'), ('tmp', '/tmp'), ('var-tmp', '/var/tmp'), ('lib', '/var/lib')):
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


def own(path, user, group):
    import grp, pwd
    owner, member = pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid
    os.chown(path, owner, member)
    for entry in os.listdir(path):
        os.chown(f'{path}/{entry}', owner, member)


def link_up(links):
    lines = ''.join(f'link add {a} netns {one} type veth peer name {b} netns {other}\n' for one, a, other, b in links)
    ran = subprocess.run(['ip', '-batch', '-'], input=lines, text=True, capture_output=True)
    if ran.returncode:
        raise RuntimeError(f'links: {ran.stderr.strip()}')


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
            syslog.listen(node['name'])
        link_up(request['links'])


def do_write(_, request):
    node = request['node']
    # Through the node's own eyes: a file of an overlay is written from above.
    base = '/' if node is None else f'/proc/{pids[node]}/root'
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


DOES = {'nodes': do_nodes, 'write': do_write, 'exec': do_exec, 'each': do_each, 'off': do_off, 'hello': lambda port, request: port.say(hello=request['hello'])}


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
    if sys.argv[1] == 'socket':
        serve_socket(sys.argv[2])
    open('/run/lab-is-qemu', 'w').close()
    serve_devices([int(sys.argv[2])] + [os.open(path, os.O_RDWR) for path in sys.argv[3:]])


main()
