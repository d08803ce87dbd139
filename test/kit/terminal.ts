/**
 * A Python program that runs its arguments on a terminal of its own, of 33 rows and 101 columns and with ^H as the
 * erase character, and makes that 44 by 122 as soon as the output holds the word `erase`.
 */
export const terminal = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    a = termios.tcgetattr(0); a[6][termios.VERASE] = b'\\x08'; termios.tcsetattr(0, termios.TCSANOW, a)
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 101, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
changed = False
while True:
    try: data = os.read(fd, 4096)
    except OSError: break
    if not data: break
    sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
    if not changed and b'erase' in data:
        changed = True
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 44, 122, 0, 0))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** A command for the far end that shows size, kind and erase character, and then waits for the changed size. */
export const showTerminal = `echo "$(stty size) $TERM"; stty -a | tr ';' '\\n' | grep erase; for i in $(seq 100); do case "$(stty size)" in 44*) stty size; exit 0;; esac; sleep 0.05; done; exit 1`;
