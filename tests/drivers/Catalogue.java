import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** What a BI tool over JDBC asks of a database before it draws anything, a line for each answer. */
public final class Catalogue {
  public static void main(String[] arguments) throws SQLException {
    Properties login = new Properties();
    login.put("user", arguments[1]);
    login.put("password", arguments[2]);
    login.put("sslmode", "disable");
    try (Connection connection = DriverManager.getConnection(arguments[0], login)) {
      DatabaseMetaData about = connection.getMetaData();
      System.out.println("product " + about.getDatabaseProductName());
      print("catalog", about.getCatalogs(), "TABLE_CAT");
      print("schema", about.getSchemas(), "TABLE_SCHEM");
      print("table", about.getTables(null, null, "%", new String[] {"TABLE", "VIEW"}), "TABLE_SCHEM", "TABLE_NAME");
      print("column", about.getColumns(null, "marts", "regional_sales", "%"), "COLUMN_NAME", "TYPE_NAME");
      print("key", about.getPrimaryKeys(null, "marts", "regional_sales"), "COLUMN_NAME");
      print("imported", about.getImportedKeys(null, "marts", "regional_sales"), "FKCOLUMN_NAME");
      print("index", about.getIndexInfo(null, "marts", "regional_sales", false, false), "INDEX_NAME");
      print("type", about.getTypeInfo(), "TYPE_NAME");
      read(connection);
    }
  }

  /** A statement with parameters, read two rows at a time within a transaction, as tools do to hold little. */
  private static void read(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    String sql = "select day, region_code, sold_qty, ordered_amount from marts.regional_sales"
        + " where day >= ? and sold_qty >= ? and region_code <> ? order by day, region_code limit 5";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setDate(1, Date.valueOf("2000-01-01"));
      statement.setBigDecimal(2, new BigDecimal("0.01"));
      statement.setString(3, "none");
      statement.setFetchSize(2);
      try (ResultSet rows = statement.executeQuery()) {
        ResultSetMetaData columns = rows.getMetaData();
        for (int n = 1; n <= columns.getColumnCount(); n++) {
          System.out.println("read " + columns.getColumnName(n) + " " + columns.getColumnTypeName(n));
        }
        while (rows.next()) {
          System.out.println("row " + rows.getDate(1) + " " + rows.getString(2) + " " + (rows.getLong(3) > 0));
        }
      }
    }
    connection.rollback();
    try (Statement statement = connection.createStatement()) {
      statement.execute("delete from marts.regional_sales");
      System.out.println("written");
    } catch (SQLException refused) {
      System.out.println("refused " + refused.getSQLState());
    }
  }

  private static void print(String what, ResultSet rows, String... columns) throws SQLException {
    int found = 0;
    while (rows.next()) {
      StringBuilder line = new StringBuilder(what);
      for (String column : columns) {
        line.append(' ').append(rows.getString(column));
      }
      System.out.println(line);
      found++;
    }
    System.out.println(what + "s: " + found);
  }
}
