package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.tls.StartRefused;

/** One command of the tool: its words, its options, and what it does. */
record Command(String words, Arguments.Known options, Action action) {

    /** Gives back what is printed; null prints nothing. */
    @FunctionalInterface
    interface Action {
        JsonNode run(Invocation invocation) throws IOException, StartRefused;
    }
}
