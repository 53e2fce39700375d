package org.cordanetes.standin.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final int RESTARTS = 300;

    @TempDir
    Path folder;

    /** A record, long as a configuration. */
    record Text(int number, String filler) {}

    /** H2 2.2.224 fails here: of what was written and acknowledged before a clean stop, an older version came back. */
    @Test
    void what_was_written_is_there_after_every_restart() throws Exception {
        // Space is used again at once, as after 45 s otherwise.
        String url = "jdbc:h2:file:" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;RETENTION_TIME=3";
        Random random = new Random(7);
        Map<String, Text> written = new HashMap<>();
        int number = 0;
        for (int restart = 0; restart < RESTARTS; restart++) {
            try (Database database = Database.open(ConfigFactory.parseMap(Map.of("driverClassName", "org.h2.Driver",
                    "url", url, "user", "u", "password", "p", "runMigration", true)))) {
                Documents<Text> documents = new Documents<>(database, "text", Text.class);
                for (String id : written.keySet()) {
                    assertEquals(written.get(id).number(), documents.find(id).orElseThrow().number(),
                            "record " + id + ", restart " + restart);
                }
                for (int write = random.nextInt(4); write > 0; write--) {
                    String id = String.valueOf(random.nextInt(3));
                    Text text = new Text(number++, "x".repeat(random.nextInt(6) == 0 ? 20 : 1800 + random.nextInt(900)));
                    documents.put(id, text);
                    written.put(id, text);
                    // For a part of them the retention time passes.
                    Thread.sleep(random.nextInt(3));
                }
            }
        }
    }
}
