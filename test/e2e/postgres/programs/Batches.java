import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.postgresql.PGConnection;

/** What DBeaver and Java applications do: batches, cursors, savepoints, COPY, many parameters, cancel. */
public class Batches {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    String url = "jdbc:postgresql://localhost:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      batches(connection);
      cursor(connection);
      errors(connection);
      copy(connection);
      many(connection);
      cancel(connection);
      catalogue(connection);
    }
  }

  static void batches(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table t (id int primary key, name text, raw bytea, ok boolean, big bigint)");
      statement.addBatch("insert into t (id, name) values (-1, 'a')");
      statement.addBatch("update t set name = 'b' where id = -1");
      System.out.println(Arrays.toString(statement.executeBatch()));
    }
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, ?, ?, ?)")) {
      for (int i = 0; i < 1000; i += 1) {
        insert.setInt(1, i);
        insert.setString(2, i % 7 == 0 ? null : "näme '" + i);
        insert.setBytes(3, new byte[] {(byte) i, 0, 39, 92});
        insert.setBoolean(4, i % 2 == 0);
        insert.setLong(5, 1L << 40);
        insert.addBatch();
      }
      System.out.println(insert.executeBatch().length);
      for (int id : new int[] {2000, 5, 2001}) {
        insert.setInt(1, id);
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (BatchUpdateException error) {
      System.out.println(error.getSQLState() + " " + Arrays.toString(error.getUpdateCounts()));
    }
  }

  static void cursor(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    long sum = 0;
    try (PreparedStatement select = connection.prepareStatement("select id from t where id > ? order by id")) {
      select.setFetchSize(64);
      select.setInt(1, 10);
      for (int round = 0; round < 7; round += 1) {
        ResultSet rows = select.executeQuery();
        for (int i = 0; i < 500 && rows.next(); i += 1) sum += rows.getInt(1);
        rows.close();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
    System.out.println(sum);
  }

  static void errors(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (String sql : new String[] {"selekt 1", "select 1/0", "select * from nowhere", "select 'x'::int"}) {
      var before = connection.setSavepoint();
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException error) {
        System.out.println(error.getSQLState() + " " + error.getMessage());
      }
      connection.rollback(before);
    }
    connection.rollback();
    connection.setAutoCommit(true);
  }

  static void copy(Connection connection) throws Exception {
    var copies = connection.unwrap(PGConnection.class).getCopyAPI();
    System.out.println(copies.copyIn("copy t (id, name) from stdin", new StringReader("5000\tx\n5001\ty\n")));
    var text = new java.io.StringWriter();
    System.out.println(copies.copyOut("copy (select id from t where id >= 990 order by 1) to stdout", text) + " " + text);
  }

  static void many(Connection connection) throws SQLException {
    String list = "?,".repeat(10_000);
    String sql = "select count(*) from t where id in (" + list.substring(0, list.length() - 1) + ")";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 1; i <= 10_000; i += 1) select.setInt(i, i);
      ResultSet rows = select.executeQuery();
      rows.next();
      System.out.println(rows.getInt(1));
    }
    try (PreparedStatement select = connection.prepareStatement("select length(?)")) {
      select.setString(1, "ä'\u20ac".repeat(Integer.parseInt(System.getenv("LONG"))));
      ResultSet rows = select.executeQuery();
      rows.next();
      System.out.println(rows.getInt(1));
    }
  }

  static void cancel(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      Thread stopper = new Thread(() -> stop(statement));
      stopper.start();
      statement.execute("select pg_sleep(600)");
    } catch (SQLException error) {
      System.out.println(error.getSQLState() + " " + error.getMessage());
    }
  }

  /** Until the database has heard of the statement there is nothing to cancel: it is asked over another connection. */
  static void stop(Statement statement) {
    try {
      Process asked;
      do {
        var psql = new ProcessBuilder("psql", "-XAtq", "-h", System.getenv("WATCH"), "-p", System.getenv("WATCH_PORT"), "-U", "postgres", "-d", "postgres",
            "-c", "select 1 from pg_stat_activity where wait_event = 'PgSleep'");
        psql.environment().keySet().removeIf(name -> name.startsWith("PG"));
        asked = psql.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      } while (!new String(asked.getInputStream().readAllBytes()).startsWith("1"));
      statement.cancel();
    } catch (Exception error) {
      System.out.println(error);
    }
  }

  static void catalogue(Connection connection) throws SQLException {
    ResultSet columns = connection.getMetaData().getColumns(null, "public", "t", null);
    while (columns.next()) System.out.println(columns.getString(4) + " " + columns.getString(6));
  }
}
