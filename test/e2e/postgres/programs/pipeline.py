"""libpq itself: pipelines with errors in their midst, COPY by the extended protocol, names that are closed. Connects by its environment."""

from ctypes import CDLL, POINTER, byref, c_char_p, c_int, c_void_p

pq = CDLL("libpq.so.5")
for name in ("PQconnectdb", "PQgetResult", "PQexecParams", "PQexec", "PQprepare"):
    getattr(pq, name).restype = c_void_p
for name in ("PQerrorMessage", "PQgetvalue", "PQcmdTuples", "PQresultErrorField", "PQresStatus"):
    getattr(pq, name).restype = c_char_p

FATAL, SQLSTATE, COPY_IN, COPY_OUT, ABORTED, SYNC = 7, ord("C"), 4, 3, 11, 10
connection = c_void_p(pq.PQconnectdb(b""))
if pq.PQstatus(connection) != 0:
    raise SystemExit(pq.PQerrorMessage(connection).decode())


def values(given):
    return (c_char_p * len(given))(*given) if given else None


def send(sql, *given):
    if pq.PQsendQueryParams(connection, sql, len(given), None, values(given), None, None, 0) != 1:
        raise SystemExit(pq.PQerrorMessage(connection).decode())


def show(result):
    result = c_void_p(result)
    status = pq.PQresultStatus(result)
    words = [pq.PQresStatus(status).decode()]
    if status == FATAL:
        words.append(pq.PQresultErrorField(result, SQLSTATE).decode())
    words += [str(pq.PQgetvalue(result, row, 0)) for row in range(pq.PQntuples(result))]
    print(*words)
    pq.PQclear(result)
    return status


def results(syncs):
    """Two in a row that are null mean that nothing is left."""
    while syncs > 0:
        result = pq.PQgetResult(connection)
        if result is not None and show(result) == SYNC:
            syncs -= 1


def command(sql, *given):
    return show(pq.PQexecParams(connection, sql, len(given), None, values(given), None, None, 0))


command(b"create table t (id int primary key, name text)")

pq.PQenterPipelineMode(connection)
send(b"insert into t values ($1, $2)", b"1", b"one")
send(b"insert into t values ($1, $2)", b"2", None)
send(b"select 1/$1::int", b"0")
send(b"insert into t values ($1, $2)", b"3", b"never")
pq.PQsendPrepare(connection, b"skipped", b"select 'skipped'", 0, None)
pq.PQpipelineSync(connection)
pq.PQsendPrepare(connection, b"kept", b"select $1::text || ' kept'", 0, None)
pq.PQsendQueryPrepared(connection, b"kept", 1, values([b"1"]), None, None, 0)
send(b"selekt 1")
pq.PQsendQueryPrepared(connection, b"kept", 1, values([b"2"]), None, None, 0)
pq.PQpipelineSync(connection)
pq.PQsendQueryPrepared(connection, b"skipped", 0, None, None, None, 0)
pq.PQpipelineSync(connection)
pq.PQsendPrepare(connection, b"skipped", b"select 'at last'", 0, None)
pq.PQsendQueryPrepared(connection, b"skipped", 0, None, None, None, 0)
send(b"select $1::int", b"no number")
send(b"select 'behind it'")
pq.PQpipelineSync(connection)
send(b"deallocate kept")
pq.PQsendQueryPrepared(connection, b"kept", 1, values([b"3"]), None, None, 0)
pq.PQpipelineSync(connection)
for each in range(500):
    send(b"select $1::int", str(each).encode())
pq.PQpipelineSync(connection)
results(6)
pq.PQexitPipelineMode(connection)

# COPY by Parse, Bind, Execute, Sync: libpq sends its Sync before the data, and again after it.
if command(b"copy t from stdin") != COPY_IN:
    raise SystemExit("no COPY")
for row in range(10, 3000):
    line = b"%d\trow\n" % row
    pq.PQputCopyData(connection, line, len(line))
pq.PQputCopyEnd(connection, None)
show(pq.PQgetResult(connection))
pq.PQgetResult(connection)

command(b"copy t from stdin")
pq.PQputCopyData(connection, b"no number\n", 10)
pq.PQputCopyEnd(connection, None)
show(pq.PQgetResult(connection))
pq.PQgetResult(connection)

command(b"copy t from stdin")
pq.PQputCopyEnd(connection, b"the client gives up")
show(pq.PQgetResult(connection))
pq.PQgetResult(connection)

command(b"copy (select id from t order by id limit 3) to stdout")
buffer = c_void_p()
pq.PQgetCopyData.argtypes = [c_void_p, POINTER(c_void_p), c_int]
while (size := pq.PQgetCopyData(connection, byref(buffer), 0)) > 0:
    print(c_char_p(buffer.value).value)
show(pq.PQgetResult(connection))
pq.PQgetResult(connection)

command(b"select count(*) from t where id > $1", b"5")
command(b"")
command(b"begin")
command(b"commit")
pq.PQfinish(connection)
