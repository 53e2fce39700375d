package org.cordanetes.standin.angel;

import com.typesafe.config.Config;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Logger;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;
import org.cordanetes.standin.tls.Stores;

/** {@code bin/angel.jar}. */
public final class AngelMain {
    private static final Logger LOG = Logger.getLogger("Angel");

    private AngelMain() {}

    public static void main(String[] args) {
        Launch.service("Angel Service", "angel-service", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        AngelConfig own = AngelConfig.read(args);
        Config config = own.config();
        if (config.hasPath("service.networkRootTrustStore")) {
            Config trust = config.getConfig("service.networkRootTrustStore");
            String location = trust.getString("location");
            Stores.certificate(Stores.open(location, trust.getString("password")), location, trust.getString("rootAlias"));
        }
        JsonClient zone = new JsonClient("Zone Service", config.getString("zone.host"), config.getInt("zone.port"),
                MutualTls.under(config.getConfig("service")), Duration.ofSeconds(10));
        Angel angel = launch.keep(new Angel(own, zone));
        if (config.hasPath("webServicePort")) {
            HttpListener http = launch.keep(HttpListener.plain("Angel web service",
                    ConfigText.textOr(config, "webServiceHost", null), config.getInt("webServicePort")));
            new AngelHealth(angel).on(http);
            http.start();
        }
        new Thread(() -> run(angel), "angel").start();
    }

    private static void run(Angel angel) {
        try {
            int code = angel.run();
            if (code != 0) {
                System.exit(code);
            }
        } catch (IOException e) {
            LOG.severe("the Angel cannot do its work: " + e);
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
