package org.cordanetes.standin.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log lines in the form of CENM's: on the console, and in {@code logs/<service>/} where that can be written. */
public final class Logs {
    private static final int FILE_BYTES = 10 * 1024 * 1024;
    private static final int FILES = 3;

    private Logs() {}

    public static void start(String directory) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        // Corda's own classes are of interest only when something is wrong.
        root.setLevel(Level.INFO);
        Logger.getLogger("net.corda").setLevel(Level.WARNING);
        Handler console = new ConsoleHandler() {
            {
                setOutputStream(System.out);
            }
        };
        console.setFormatter(new Line());
        root.addHandler(console);
        Path logs = Path.of("logs", directory);
        try {
            Files.createDirectories(logs);
            Handler file = new FileHandler(logs.resolve(directory + ".%g.log").toString(), FILE_BYTES, FILES, true);
            file.setFormatter(new Line());
            root.addHandler(file);
        } catch (IOException e) {
            Logger.getLogger("Logs").warning("no log file is written, only this console: " + e);
        }
    }

    private static final class Line extends Formatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss,SSS'Z'").withZone(ZoneOffset.UTC);

        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder("[")
                    .append(level(record.getLevel())).append("] ")
                    .append(TIME.format(Instant.ofEpochMilli(record.getMillis())))
                    .append(" [").append(Thread.currentThread().getName()).append("] ")
                    .append(record.getLoggerName()).append(" - ").append(formatMessage(record)).append('\n');
            if (record.getThrown() != null) {
                StringWriter trace = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            return level.intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
        }
    }
}
