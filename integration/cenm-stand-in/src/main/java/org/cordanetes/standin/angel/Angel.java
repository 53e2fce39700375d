package org.cordanetes.standin.angel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.logging.Logger;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.zone.AngelDesk;
import org.cordanetes.standin.zone.AngelDesk.Assignment;

/** Fetches the configuration by its token, runs the service with it, and runs it again when either changes. */
final class Angel implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("Angel");
    private static final int MOST_DEATHS = 5;
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private final AngelConfig own;
    private final JsonClient zone;
    private final Path configFile;
    private final Path backup;
    private volatile ManagedService service;
    private volatile String lastZoneError = "the Zone Service has not been asked yet";
    private volatile boolean stopping;
    private String known;
    private boolean proven;
    private int deaths;

    Angel(AngelConfig own, JsonClient zone) {
        this.own = own;
        this.zone = zone;
        this.configFile = own.workingDir().resolve(own.serviceConfigName()).toAbsolutePath().normalize();
        this.backup = configFile.resolveSibling(configFile.getFileName() + "_bak");
    }

    /** Runs until the process is told to stop, or gives back 1 when the service cannot be kept running. */
    int run() throws InterruptedException, IOException {
        while (!stopping) {
            poll();
            if (service == null) {
                // Before there is anything to run, ask often: the whole network waits for it.
                Thread.sleep(Math.min(2, own.pollingSeconds()) * 1000L);
            } else if (service.ended(Duration.ofSeconds(own.pollingSeconds())) && !stopping) {
                if (!revive()) {
                    return 1;
                }
            } else if (service.age().compareTo(SETTLED) > 0) {
                proven = true;
                deaths = 0;
            }
        }
        return 0;
    }

    /** Empty when the Zone Service answers, else why not. */
    String zoneError() {
        return lastZoneError;
    }

    boolean serviceAlive() {
        ManagedService current = service;
        return current != null && current.alive();
    }

    Path serviceConfig() {
        return configFile;
    }

    private void poll() throws IOException {
        Assignment assignment;
        try {
            assignment = zone.post(AngelDesk.PATH, new AngelDesk.Question(own.config().getString("zone.authToken"),
                    own.type(), known), Assignment.class);
        } catch (IOException | ServiceError e) {
            if (!e.getMessage().equals(lastZoneError)) {
                LOG.warning("no configuration from the Zone Service, asking on: " + e.getMessage());
            }
            lastZoneError = e.getMessage();
            return;
        }
        lastZoneError = "";
        if (assignment.config() != null) {
            LOG.info(known == null ? "the configuration has come" : "the configuration has changed");
            take(assignment);
        }
    }

    private void take(Assignment assignment) throws IOException {
        if (service != null) {
            service.stop();
        }
        if (proven && Files.exists(configFile)) {
            Files.copy(configFile, backup, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        write(configFile, assignment.config());
        if (assignment.networkParameters() != null) {
            write(parametersFile(), assignment.networkParameters());
        }
        known = assignment.hash();
        proven = false;
        deaths = 0;
        start();
    }

    private void start() throws IOException {
        ObjectNode message = Json.object();
        Config config = own.config();
        if (config.hasPath("networkParametersFile")) {
            message.put("networkParametersFile", parametersFile().toString());
            message.set("networkRootTrustStore", Json.read(config.getConfig("service.networkRootTrustStore").root()
                    .render(ConfigRenderOptions.concise()), ObjectNode.class));
        }
        service = ManagedService.start(own.jar(), configFile, message);
    }

    /** Starts the service again after its death; false when that has been of no use too often. */
    private boolean revive() throws IOException, InterruptedException {
        deaths++;
        LOG.warning("the service ended with exit code " + service.exitCode() + " (" + deaths + " in a row)");
        if (deaths >= MOST_DEATHS) {
            LOG.severe("the service ends again and again; its own last lines say why. Giving up");
            return false;
        }
        if (!proven && Files.exists(backup)) {
            LOG.warning("the new configuration does not work; going back to the last one that did");
            Files.copy(backup, configFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            proven = true;
        }
        Thread.sleep(Math.min(1000L << deaths, 10_000));
        if (!stopping) {
            start();
        }
        return true;
    }

    private Path parametersFile() {
        return Path.of(own.config().getString("networkParametersFile")).toAbsolutePath().normalize();
    }

    /** Only for the owner's eyes: configurations hold passwords. */
    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        stopping = true;
        ManagedService current = service;
        if (current != null) {
            current.stop();
        }
    }
}
