package org.cordanetes.standin.launch;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.tls.StartRefused;

/** Starts a service, says what it is, turns every refusal into one line and exit code 1, and stops it quickly. */
public final class Launch {
    private static final Logger LOG = Logger.getLogger("Launch");
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Launch() {}

    /** The body of a service's start: what it opens it hands to {@link #keep}. */
    @FunctionalInterface
    public interface Start {
        void run(Launch launch) throws ConfigException, StartRefused;
    }

    /** Registers what must be closed at the end, last opened first. */
    public synchronized <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    public static void service(String name, String logDirectory, Start start) {
        Logs.start(logDirectory);
        LOG.warning("This is the Cordanetes STAND-IN for R3's " + name + ", for tests only. It is not R3's software.");
        Launch launch = new Launch();
        Runtime.getRuntime().addShutdownHook(new Thread(launch::close, "stop"));
        try {
            start.run(launch);
            LOG.info(name + " (stand-in) has started in " + uptime() + " ms");
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.severe(e.code() + ": " + problem));
            exit(name);
        } catch (StartRefused | ServiceError e) {
            LOG.severe(e.getMessage());
            exit(name);
        } catch (UncheckedIOException e) {
            LOG.severe(e.getMessage());
            exit(name);
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.SEVERE, "unexpected failure at the start", e);
            exit(name);
        }
    }

    private static void exit(String name) {
        LOG.severe("the " + name + " (stand-in) did not start");
        System.exit(1);
    }

    private static long uptime() {
        return System.currentTimeMillis() - ProcessHandle.current().info().startInstant()
                .map(Instant::toEpochMilli).orElse(System.currentTimeMillis());
    }

    private synchronized void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("while stopping: " + e);
            }
        }
    }
}
