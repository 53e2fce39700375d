package org.cordanetes.standin.storage;

import com.typesafe.config.Config;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.tls.StartRefused;

/** The database of a {@code database} block. One connection is enough: what a service needs it keeps in memory. */
public final class Database implements AutoCloseable {
    private final Driver driver;
    private final String url;
    private final Properties properties = new Properties();
    private final String schema;
    private Connection connection;

    private Database(Driver driver, Config config) {
        this.driver = driver;
        this.url = config.getString("url");
        this.schema = ConfigText.textOr(config, "schema", null);
        properties.setProperty("user", config.getString("user"));
        properties.setProperty("password", config.getString("password"));
    }

    /** Connects, and creates the table when {@code runMigration} allows it. */
    public static Database open(Config config) throws StartRefused {
        Database database = new Database(driver(config), config);
        try {
            database.prepare(ConfigText.flag(config, "runMigration", false));
        } catch (SQLException e) {
            throw new StartRefused("the database " + database.url + " cannot be used: " + e.getMessage(), e);
        }
        return database;
    }

    private static Driver driver(Config config) throws StartRefused {
        String name = config.getString("driverClassName");
        String jar = ConfigText.textOr(config, "jdbcDriver", "");
        try {
            ClassLoader loader = Database.class.getClassLoader();
            if (!jar.isEmpty()) {
                if (!Files.isReadable(Path.of(jar))) {
                    throw new StartRefused("the JDBC driver " + jar + " does not exist or cannot be read");
                }
                loader = new URLClassLoader(new URL[] {Path.of(jar).toUri().toURL()}, loader);
            }
            return (Driver) Class.forName(name, true, loader).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException | MalformedURLException e) {
            throw new StartRefused("the JDBC driver " + name + " cannot be loaded: " + e, e);
        }
    }

    private synchronized void prepare(boolean migrate) throws SQLException, StartRefused {
        if (migrate && schema != null) {
            try (Connection first = driver.connect(url, properties); Statement statement = first.createStatement()) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            }
        }
        try (Statement statement = connection().createStatement()) {
            if (migrate) {
                statement.execute("CREATE TABLE IF NOT EXISTS stand_in_document (kind VARCHAR(64) NOT NULL, "
                        + "id VARCHAR(256) NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))");
            } else {
                try {
                    statement.executeQuery("SELECT kind FROM stand_in_document WHERE 1 = 0").close();
                } catch (SQLException e) {
                    throw new StartRefused("the database " + url + " has no tables of this service; set "
                            + "database.runMigration = true for the first start", e);
                }
            }
        }
    }

    /** The open connection, or a new one when the database went away in between. */
    synchronized Connection connection() throws SQLException {
        if (connection == null || !connection.isValid(2)) {
            connection = driver.connect(url, properties);
            if (connection == null) {
                throw new SQLException("the driver " + driver.getClass().getName() + " does not accept this URL");
            }
            if (schema != null) {
                connection.setSchema(driver.getClass().getName().startsWith("org.h2.") ? schema.toUpperCase(Locale.ROOT) : schema);
            }
        }
        return connection;
    }

    @Override
    public synchronized void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
