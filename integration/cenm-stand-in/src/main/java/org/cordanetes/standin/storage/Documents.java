package org.cordanetes.standin.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.ServiceError;

/**
 * All records of one kind, by id. They are read once and then answered from memory; a change is in the
 * database before anybody sees it.
 */
public final class Documents<T> {
    private final Database database;
    private final String kind;
    private final Map<String, T> records = new LinkedHashMap<>();

    public Documents(Database database, String kind, Class<T> type) {
        this.database = database;
        this.kind = kind;
        try (PreparedStatement query = connection().prepareStatement(
                "SELECT id, body FROM stand_in_document WHERE kind = ? ORDER BY id")) {
            query.setString(1, kind);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    records.put(rows.getString(1), Json.read(rows.getString(2), type));
                }
            }
        } catch (SQLException e) {
            throw failed("read", e);
        }
    }

    public synchronized Optional<T> find(String id) {
        return Optional.ofNullable(records.get(id));
    }

    public synchronized List<T> all() {
        return new ArrayList<>(records.values());
    }

    public synchronized List<T> where(Predicate<T> wanted) {
        return records.values().stream().filter(wanted).toList();
    }

    public synchronized void put(String id, T value) {
        String body = Json.text(value);
        try {
            if (update("UPDATE stand_in_document SET body = ? WHERE kind = ? AND id = ?", body, kind, id) == 0) {
                update("INSERT INTO stand_in_document (body, kind, id) VALUES (?, ?, ?)", body, kind, id);
            }
        } catch (SQLException e) {
            throw failed("written", e);
        }
        records.put(id, value);
    }

    public synchronized boolean remove(String id) {
        try {
            update("DELETE FROM stand_in_document WHERE kind = ? AND id = ?", kind, id);
        } catch (SQLException e) {
            throw failed("deleted", e);
        }
        return records.remove(id) != null;
    }

    private int update(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection().prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private Connection connection() throws SQLException {
        return database.connection();
    }

    private ServiceError failed(String what, SQLException cause) {
        ServiceError error = ServiceError.unavailable("a " + kind + " could not be " + what + " in the database: "
                + cause.getMessage());
        error.initCause(cause);
        return error;
    }
}
