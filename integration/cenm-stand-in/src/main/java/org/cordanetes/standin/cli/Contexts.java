package org.cordanetes.standin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.ServiceError;

/** The logins of this user, kept in the home directory and readable by nobody else. */
final class Contexts {
    private final Path file;

    /** A login at one Gateway. */
    record Login(String server, String user, String token, String alias) {}

    /** All logins by server, and which one commands use. */
    record Stored(String active, Map<String, Login> logins) {}

    private Contexts(Path file) {
        this.file = file;
    }

    static Contexts ofUser() {
        // A user without an entry in /etc/passwd has no user.home worth the name.
        String home = System.getenv("HOME");
        return new Contexts(Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home, ".cenm",
                "contexts.json"));
    }

    Login active(String wanted) throws IOException {
        Stored stored = read();
        String name = wanted == null ? stored.active() : wanted;
        Login login = name == null ? null : stored.logins().values().stream()
                .filter(one -> one.server().equals(name) || name.equals(one.alias())).findFirst().orElse(null);
        if (login == null) {
            throw ServiceError.unauthenticated("not logged in" + (wanted == null ? "" : " at " + wanted)
                    + "; use: context login SERVER -u USER -p PASSWORD -s");
        }
        return login;
    }

    Stored read() throws IOException {
        try {
            return Json.read(Files.readAllBytes(file), Stored.class);
        } catch (NoSuchFileException e) {
            return new Stored(null, Map.of());
        }
    }

    void add(Login login, boolean activate) throws IOException {
        Stored old = read();
        Map<String, Login> logins = new LinkedHashMap<>(old.logins());
        logins.put(login.server(), login);
        write(new Stored(activate || old.active() == null ? login.server() : old.active(), logins));
    }

    boolean remove(String server) throws IOException {
        Stored old = read();
        Map<String, Login> logins = new LinkedHashMap<>(old.logins());
        boolean removed = logins.remove(server) != null;
        write(new Stored(server.equals(old.active()) ? null : old.active(), logins));
        return removed;
    }

    private void write(Stored stored) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("contexts.json.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, Json.bytes(stored));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
