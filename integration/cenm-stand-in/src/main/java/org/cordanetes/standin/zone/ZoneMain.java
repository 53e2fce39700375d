package org.cordanetes.standin.zone;

import com.typesafe.config.Config;
import javax.net.ssl.SSLContext;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** {@code bin/zone.jar}. */
public final class ZoneMain {
    private ZoneMain() {}

    public static void main(String[] args) {
        Launch.service("Zone Service", "zone-service", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Config config = ZoneConfig.read(args);
        Zone zone = new Zone(launch.keep(Database.open(config.getConfig("database"))));
        AdminListener admin = launch.keep(AdminListener.bind("Zone", config, "zone"));
        new ZoneAdmin(zone).on(admin);
        Config enm = config.getConfig("enmListener");
        // Both listeners share the TLS settings of the admin listener.
        SSLContext tls = MutualTls.under(config.getConfig("adminListener"));
        HttpListener angels = launch.keep(HttpListener.tls("Zone ENM listener", ConfigText.textOr(enm, "host", null),
                enm.getInt("port"), tls, true));
        new AngelDesk(zone, config.getConfig("authServiceConfig")).on(angels);
        angels.start();
        admin.start();
    }
}
