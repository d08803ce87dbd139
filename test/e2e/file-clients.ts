/**
 * What each client does with files, as bash for a `Machine`: `$R` is a folder of its own in the home folder of the target's
 * login, `$FAR` the same folder as this machine sees it, `$LOGIN` the login name of PuTTY's tools, lftp and paramiko. Each
 * script compares for itself and fails when something differs.
 */

/** Files that a careless client or proxy spoils: big, empty, deep, with spaces and letters of other alphabets. */
const tree = `
mkdir -p "tree/with space/déjà" tree/empty
head -c 1000000 /dev/urandom > tree/big
head -c 32768 /dev/urandom > tree/packet
: > tree/nothing
printf 'one line' > "tree/with space/déjà/vu – ☃"
same() { diff -r "$1" "$2"; }
`;

interface FileClient {
  readonly name: string;
  readonly script: string;
  /** Files of the tree that the log must show whole, by the ways they went; null where the bytes can't be read. */
  readonly logged: readonly ('upload' | 'download')[] | null;
}

const paramiko = `
import io, os, paramiko
client = paramiko.SSHClient()
client.load_host_keys(os.environ['KNOWN_HOSTS'])
client.connect('127.0.0.1', int(os.environ['PORT']), os.environ['LOGIN'], os.environ['SSHPASS'], look_for_keys=False, allow_agent=False)
sftp = client.open_sftp()
far = os.environ['R']
`;

const clients: readonly FileClient[] = [
  {
    name: 'rsync, both ways, with --delete',
    logged: null,
    script: `
rsync -a --checksum tree/ box:$R/up/
same tree $FAR/up
echo more > tree/new; rm tree/packet
rsync -a --delete --checksum -z tree/ box:$R/up/
same tree $FAR/up
rsync -a --checksum box:$R/up/ down/
same tree down
test -z "$(rsync -a --checksum --delete --itemize-changes --no-owner --no-group box:$R/up/ down/)"
`,
  },
  {
    name: 'git, clone, push and fetch',
    logged: null,
    script: `
$ASK ssh -F $CONFIG box "git init -q --bare -b main $R/repo.git"
git init -q -b main work
cp -r tree work/; rmdir work/tree/empty; git -C work add .; git -C work commit -qm first
git -C work push -q box:$R/repo.git main
git clone -q box:$R/repo.git clone
same work/tree clone/tree
echo more > clone/tree/nothing; git -C clone commit -qam second; git -C clone push -q
git -C work fetch -q box:$R/repo.git main
test "$(git -C work rev-parse FETCH_HEAD)" = "$(git -C clone rev-parse main)"
git -C work fsck --full
test "$(git ls-remote box:$R/repo.git refs/heads/main | cut -c1-40)" = "$(git -C clone rev-parse main)"
`,
  },
  {
    name: 'scp -O, both ways',
    logged: ['upload', 'download'],
    script: `
$ASK scp -O -q -F $CONFIG -rp tree box:$R/
same tree $FAR/tree
$ASK scp -O -q -F $CONFIG -rp box:$R/tree down
same tree down
$ASK scp -O -q -F $CONFIG tree/big tree/packet box:$R
cmp tree/big $FAR/big; cmp tree/packet $FAR/packet
if $ASK scp -O -q -F $CONFIG box:$R/absent . 2>errors; then exit 1; fi
grep -q 'No such file' errors
`,
  },
  {
    name: 'scp, both ways',
    logged: ['upload', 'download'],
    script: `
$ASK scp -q -F $CONFIG -rp tree box:$R/
same tree $FAR/tree
$ASK scp -q -F $CONFIG -rp box:$R/tree down
same tree down
$ASK scp -q -F $CONFIG tree/big tree/packet box:$R
cmp tree/big $FAR/big; cmp tree/packet $FAR/packet
if $ASK scp -q -F $CONFIG box:$R/absent . 2>errors; then exit 1; fi
grep -q 'No such file' errors
`,
  },
  {
    name: 'sftp: recursive, many requests at once, resumed, renamed, linked, removed',
    logged: ['upload', 'download'],
    script: `
batch() { $ASK sftp -q -F $CONFIG -oBatchMode=no "$@" box; }
batch -b - <<END
cd $R
put -rp tree
get -r tree down
END
same tree $FAR/tree; same tree down
batch -R 64 -B 1000 -b - <<END
put tree/big $R/many
get $R/many many
END
cmp tree/big $FAR/many; cmp tree/big many
head -c 400000 tree/big > part; head -c 300000 tree/big > $FAR/part; chmod 666 $FAR/part
batch -b - <<END
get -a $R/tree/big part
put -a tree/big $R/part
END
cmp tree/big part; cmp tree/big $FAR/part
batch -b - <<END
cd $R
mkdir made
rename many made/moved
symlink tree/big link
ln made/moved hard
chmod 640 made/moved
-rm absent
rm part
ls -la made
get made/moved moved
rm made/moved
rmdir made
END
cmp tree/big moved; cmp tree/big $FAR/hard; test ! -e $FAR/made; test ! -e $FAR/part
test "$(stat -c %a $FAR/hard)" = 640; test "$(readlink $FAR/link)" = tree/big
`,
  },
  {
    name: 'pscp -scp, both ways',
    logged: ['upload', 'download'],
    script: `
pscp $PUTTY -q -scp -r tree $LOGIN@127.0.0.1:$R >said
same tree $FAR/tree
mkdir down; pscp $PUTTY -q -scp -r $LOGIN@127.0.0.1:$R/tree down >said
same tree down/tree
`,
  },
  {
    name: 'pscp -sftp, both ways',
    logged: ['upload', 'download'],
    script: `
pscp $PUTTY -q -sftp -r tree $LOGIN@127.0.0.1:$R >said
same tree $FAR/tree
mkdir down; pscp $PUTTY -q -sftp -r $LOGIN@127.0.0.1:$R/tree down >said
same tree down/tree
`,
  },
  {
    name: 'psftp: put, get, reget, reput, rename, remove',
    logged: ['upload', 'download'],
    script: `
head -c 400000 tree/big > part; head -c 300000 tree/big > $FAR/part; chmod 666 $FAR/part
cat > batch <<END
cd $R
put -r tree
get -r tree down
reget tree/big part
reput tree/big part
mkdir made
mv tree/packet made
chmod 640 made/packet
del tree/nothing
ls made
rmdir tree/empty
END
psftp $PUTTY -b batch $LOGIN@127.0.0.1 >said
same tree down; cmp tree/big part; cmp tree/big $FAR/part; cmp tree/packet $FAR/made/packet
test ! -e $FAR/tree/nothing; test ! -e $FAR/tree/empty
`,
  },
  {
    name: 'lftp: mirror both ways, pget, rename, remove',
    logged: ['upload', 'download'],
    script: `
cat > .lftprc <<END
set sftp:connect-program "ssh -a -x -F $CONFIG"
set cmd:fail-exit yes
set net:max-retries 1
open --user $LOGIN --env-password -p $PORT sftp://127.0.0.1
END
LFTP_PASSWORD=$SSHPASS lftp -c "source .lftprc; mirror -R --parallel=3 tree $R/tree; mirror --parallel=3 $R/tree down; pget -n 4 $R/tree/big -o pieces; cls $R/tree; mv $R/tree/big $R/big; rm $R/tree/packet" >said
same tree down; cmp tree/big pieces; cmp tree/big $FAR/big; test ! -e $FAR/tree/packet
grep -q packet said
`,
  },
  {
    name: 'paramiko: put, get, prefetch, out of order, truncate',
    logged: ['upload', 'download'],
    script: `
cat > files.py <<'END'
${paramiko}
for name in ['big', 'packet', 'nothing']:
    sftp.put('tree/' + name, far + '/' + name, confirm=True)
    # Reading ahead it may ask for a part twice, which is no whole transfer: the first is read in order.
    sftp.get(far + '/' + name, 'got-' + name, prefetch=False)
    sftp.get(far + '/' + name, 'ahead-' + name)
whole = open('tree/big', 'rb').read()
with sftp.open(far + '/big', 'rb') as file:
    file.prefetch()
    assert file.read() == whole
    file.seek(500000)
    assert file.read(1000) == whole[500000:501000]
    assert file.readv([(0, 100), (900000, 5000)]).__next__() == whole[:100]
with sftp.open(far + '/pieces', 'wb') as file:
    file.set_pipelined(True)
    for start in list(range(500000, 1000000, 100000)) + list(range(0, 500000, 100000)):
        file.seek(start)
        file.write(whole[start:start + 100000])
with sftp.open(far + '/short', 'wb') as file:
    file.write(whole)
    file.truncate(1234)
sftp.putfo(io.BytesIO(b'from memory'), far + '/memory')
sftp.posix_rename(far + '/memory', far + '/renamed')
sftp.mkdir(far + '/made'); sftp.chmod(far + '/made', 0o750); sftp.rmdir(far + '/made')
assert sorted(each.filename for each in sftp.listdir_attr(far)) == ['big', 'nothing', 'packet', 'pieces', 'renamed', 'short']
assert sftp.stat(far + '/short').st_size == 1234
client.close()
END
/usr/bin/python3 files.py
for name in big packet nothing; do cmp tree/$name got-$name; cmp tree/$name ahead-$name; cmp tree/$name $FAR/$name; done
cmp tree/big $FAR/pieces
`,
  },
];

/** Every client with the files made first. */
export const fileClients: readonly FileClient[] = clients.map((client) => ({
  ...client,
  script: `${tree}${client.script}`,
}));
