"""psycopg2: what Python applications do. Connects by libpq's environment."""

import io

import psycopg2
import psycopg2.extras

connection = psycopg2.connect("")
cursor = connection.cursor()
cursor.execute("create table t (id int primary key, name text, raw bytea)")
cursor.executemany("insert into t values (%s, %s, %s)", [(i, f"it's {i} \\ ä", b"\x00\x27\x5c") for i in range(20)])
psycopg2.extras.execute_values(cursor, "insert into t (id, name) values %s", [(i, None) for i in range(20, 1000)])
psycopg2.extras.execute_batch(cursor, "update t set name = %s where id = %s", [(str(i), i) for i in range(300)])
connection.commit()

with connection.cursor(name="named") as rows:
    rows.itersize = 100
    rows.execute("select id from t order by id")
    print(sum(row[0] for row in rows))
connection.commit()

for sql in ("selekt", "select 1/0", "insert into t values (1)"):
    try:
        cursor.execute(sql)
    except psycopg2.Error as error:
        print(error.pgcode, error)
        connection.rollback()

cursor.copy_expert("copy t (id, name) from stdin with csv", io.StringIO('5000,"a,b"\n5001,c\n'))
out = io.StringIO()
cursor.copy_expert("copy (select id, name from t where id > 990 order by 1) to stdout", out)
print(out.getvalue())

large = connection.lobject(0, "wb")
large.write(b"x" * 100_000)
large.seek(50_000)
large.close()
again = connection.lobject(large.oid, "rb")
print(len(again.read()))
again.unlink()
connection.commit()

connection.autocommit = True
cursor.execute("listen news")
cursor.execute("notify news, 'hello'")
connection.poll()
print([(each.channel, each.payload) for each in connection.notifies])
cursor.execute("select length(%s)", ("ä" * 1_000_000,))
print(cursor.fetchall())
connection.close()
