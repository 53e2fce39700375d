package org.cordanetes.standin.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.logging.Logger;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.tls.StartRefused;

/**
 * What an Angel tells the service that it runs: one line of JSON on standard input, where no process list shows
 * it. Standard input also ends when the Angel dies, in whatever way, and then the service ends too.
 */
public final class AngelLink {
    /** Set by the Angel on the service's command line. */
    public static final String PROPERTY = "cenm.standin.angel";
    private static final Logger LOG = Logger.getLogger("AngelLink");

    private AngelLink() {}

    /** What the Angel said, or an empty object when the service was started by hand. */
    public static JsonNode read() throws StartRefused {
        if (!Boolean.getBoolean(PROPERTY)) {
            return Json.object();
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            String line = input.readLine();
            if (line == null) {
                throw new StartRefused("the Angel went away before it said what to run with");
            }
            Thread watch = new Thread(() -> endWith(input), "angel-watch");
            watch.setDaemon(true);
            watch.start();
            return Json.read(line, JsonNode.class);
        } catch (IOException e) {
            throw new StartRefused("the Angel cannot be understood: " + e.getMessage(), e);
        }
    }

    private static void endWith(BufferedReader input) {
        try {
            // The Angel says nothing after the first line: this returns when the Angel's end of the pipe closes.
            input.readLine();
        } catch (IOException e) {
            LOG.warning("the link to the Angel broke: " + e);
        }
        LOG.info("the Angel is gone; stopping with it");
        System.exit(143);
    }
}
