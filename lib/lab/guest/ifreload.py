"""Runs `sysctl -p`, where a node has that file, and `ifreload -a` on nodes: ifupdown2 itself, loaded once and forked for each node, because under emulation
most of its time goes into loading it.

ifreload.py PARALLEL NODE…   writes a line of JSON for each node: {"node", "exit", "out", "seconds"}
"""

import ctypes, glob, importlib, json, os, runpy, subprocess, sys, tempfile, time, traceback

HOME = '/usr/share/ifupdown2'
SYSCTLS = '/etc/sysctl.d/90-metal-fabric.conf'
libc = ctypes.CDLL(None, use_errno=True)


def load():
    """All that ifreload would load, but without doing anything."""
    sys.path.insert(0, HOME)
    for name in ['ifupdown.main', 'ifupdown.ifupdownmain', 'ifupdown.client', 'lib.nlcache', 'lib.addon']:
        importlib.import_module(name)
    for path in glob.glob(HOME + '/addons/*.py'):
        importlib.import_module('addons.' + os.path.basename(path)[:-3])


def enter(pid):
    doors = [os.open(f'/proc/{pid}/ns/{kind}', os.O_RDONLY) for kind in ('mnt', 'uts', 'ipc', 'net', 'pid')]
    for door in doors:
        if libc.setns(door, 0):
            raise OSError(ctypes.get_errno(), 'setns')
        os.close(door)


def reload(pid):
    """In a process of its own; its exit status is that of ifreload."""
    enter(pid)
    child = os.fork()  # who is in a PID namespace is decided at birth
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    if os.path.exists(SYSCTLS):
        ran = subprocess.run(['sysctl', '-q', '-p', SYSCTLS])
        if ran.returncode:
            os._exit(ran.returncode)
    sys.argv[1:] = ['-a']
    try:
        runpy.run_path('/usr/sbin/ifreload', run_name='__main__')
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 0 if end.code is None else 1)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)


def main():
    load()
    parallel = int(sys.argv[1])
    waiting = sys.argv[2:]
    running = {}
    while waiting or running:
        while waiting and len(running) < parallel:
            node = waiting.pop(0)
            said = tempfile.TemporaryFile()
            start = time.monotonic()
            child = os.fork()
            if child == 0:
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                try:
                    with open(f'/run/nodes/{node}') as pid:
                        reload(int(pid.read()))
                finally:
                    traceback.print_exc()
                    os._exit(1)
            running[child] = (node, said, start)
        child, status = os.wait()
        node, said, start = running.pop(child)
        said.seek(0)
        print(json.dumps({'node': node, 'exit': os.waitstatus_to_exitcode(status), 'out': said.read().decode(errors='replace'), 'seconds': time.monotonic() - start}), flush=True)


main()
