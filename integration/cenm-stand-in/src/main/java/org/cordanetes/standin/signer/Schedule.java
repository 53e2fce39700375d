package org.cordanetes.standin.signer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.cordanetes.standin.http.ServiceError;

/** Runs one kind of work again and again; a service that is not up yet is asked again soon, with one log line. */
final class Schedule implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("Signer");
    private static final long LONGEST_WAIT_MILLIS = 15_000;
    private final String name;
    private final Work work;
    private final long intervalMillis;
    private final ScheduledExecutorService thread;
    private String lastProblem = "";
    private int failures;

    Schedule(String name, Work work, Duration interval) {
        this.name = name;
        this.work = work;
        this.intervalMillis = Math.max(100, interval.toMillis());
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread worker = new Thread(task, name);
            worker.setDaemon(true);
            return worker;
        });
    }

    Schedule start() {
        thread.execute(this::run);
        return this;
    }

    private void run() {
        long wait = intervalMillis;
        try {
            int signed = work.signAll();
            if (signed > 0 || !lastProblem.isEmpty()) {
                LOG.info(name + ": " + (signed > 0 ? signed + " signed" : "the service answers now"));
            }
            failures = 0;
            lastProblem = "";
        } catch (IOException | ServiceError e) {
            wait = retry(e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.SEVERE, name + ": unexpected failure", e);
            wait = retry(e.toString());
        }
        if (!thread.isShutdown()) {
            thread.schedule(this::run, wait, TimeUnit.MILLISECONDS);
        }
    }

    /** Even a schedule of once a day must not lose a day because its service started later. */
    private long retry(String problem) {
        if (!problem.equals(lastProblem)) {
            LOG.warning(name + ": trying on, because " + problem);
        }
        lastProblem = problem;
        failures = Math.min(failures + 1, 10);
        return Math.min(intervalMillis, Math.min(500L << failures, LONGEST_WAIT_MILLIS));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
