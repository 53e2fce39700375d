package org.cordanetes.standin.networkmap;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.http.ServiceError;

/**
 * Builds the initial parameters from the file that the Angel wrote. The notary's NodeInfo may be mounted later
 * than the process starts, so it is looked for until it is there.
 */
final class InitialParameters implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private static final int SECONDS_BETWEEN = 2;
    private final Parameters parameters;
    private final Path file;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "initial-parameters");
        worker.setDaemon(true);
        return worker;
    });
    private String lastProblem = "";

    InitialParameters(Parameters parameters, Path file) {
        this.parameters = parameters;
        this.file = file;
    }

    void start() {
        if (!parameters.set()) {
            thread.execute(this::attempt);
        }
    }

    private void attempt() {
        try {
            build(parameters, file);
        } catch (ConfigException | IOException | ServiceError e) {
            if (!e.getMessage().equals(lastProblem)) {
                LOG.warning("the network parameters cannot be built yet, trying on: " + e.getMessage());
            }
            lastProblem = e.getMessage();
            thread.schedule(this::attempt, SECONDS_BETWEEN, TimeUnit.SECONDS);
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.SEVERE, "the network parameters cannot be built", e);
        }
    }

    static void build(Parameters parameters, Path file) throws ConfigException, IOException {
        Config text = ParametersText.read(Files.readString(file), file.toString());
        parameters.build(text);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
