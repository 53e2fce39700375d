package org.cordanetes.standin.angel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.launch.AngelLink;

/** The process of the managed service. */
final class ManagedService {
    private static final Logger LOG = Logger.getLogger("Angel");
    private static final int STOP_SECONDS = 10;
    private final Process process;
    private final Instant since = Instant.now();

    private ManagedService(Process process) {
        this.process = process;
    }

    /** Starts {@code java -jar JAR --config-file FILE} with this process's environment and output. */
    static ManagedService start(String jar, Path config, Object message) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(java, "-D" + AngelLink.PROPERTY + "=true", "-jar", jar,
                "--config-file", config.toString());
        LOG.info("starting " + String.join(" ", command));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // Left open: its end tells the service that the Angel is gone.
        OutputStream link = process.getOutputStream();
        try {
            link.write((Json.text(message) + "\n").getBytes(StandardCharsets.UTF_8));
            link.flush();
        } catch (IOException e) {
            // It died before reading; whoever waits for it sees that.
            LOG.warning("the service ended before it took its first message: " + e);
        }
        return new ManagedService(process);
    }

    boolean alive() {
        return process.isAlive();
    }

    Duration age() {
        return Duration.between(since, Instant.now());
    }

    /** Waits for the end at most this long; true when the process has ended. */
    boolean ended(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to stop and insists after a while. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warning("the service did not stop in " + STOP_SECONDS + " s; killing it");
                process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
