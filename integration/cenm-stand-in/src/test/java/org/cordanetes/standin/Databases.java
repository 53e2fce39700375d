package org.cordanetes.standin;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.cordanetes.standin.storage.Database;

/** H2 databases in a folder. */
public final class Databases {
    private Databases() {}

    public static Database open(Path folder) throws Exception {
        return Database.open(config(folder, true));
    }

    public static Config config(Path folder, boolean migrate) {
        return ConfigFactory.parseMap(Map.of("driverClassName", "org.h2.Driver", "url",
                "jdbc:h2:file:" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000;WRITE_DELAY=0",
                "user", "u", "password", "p", "runMigration", migrate));
    }
}
