package org.cordanetes.standin.signer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.SigningProtocol;
import org.cordanetes.standin.tls.CordaRole;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** The signers of the configuration, each with its key, its service and perhaps a schedule. */
record Signers(List<Signer> all) {

    /** One entry of {@code signers}; without interval it signs only on command. */
    record Signer(String name, String type, Work work, Optional<Duration> interval) {}

    static Signers of(Config config) throws StartRefused {
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        for (String name : config.getObject("signingKeys").keySet()) {
            keys.put(name, SigningKey.open(name, config.getConfig("signingKeys." + ConfigUtil.quoteString(name))));
        }
        List<Signer> signers = new ArrayList<>();
        for (String name : config.getObject("signers").keySet()) {
            signers.add(signer(name, config.getConfig("signers." + ConfigUtil.quoteString(name)), keys));
        }
        return new Signers(List.copyOf(signers));
    }

    private static Signer signer(String name, Config config, Map<String, SigningKey> keys) throws StartRefused {
        if (config.hasPath("plugin")) {
            throw new StartRefused("the signer '" + name + "' uses a plugin, which the stand-in does not have");
        }
        String type = config.getString("type");
        SigningKey key = keys.get(config.getString("signingKeyAlias"));
        List<JsonClient> services = new ArrayList<>();
        for (Config location : config.getConfigList("serviceLocation")) {
            services.add(new JsonClient(type.startsWith("C") ? "Identity Manager" : "Network Map",
                    location.getString("host"), location.getInt("port"), MutualTls.under(location),
                    Duration.ofMillis(location.hasPath("timeout") ? location.getLong("timeout") : 10_000)));
        }
        Work work = switch (type) {
            case "CSR" -> {
                key.requireRole(name, CordaRole.DOORMAN_CA);
                yield new CsrWork(services.get(0), key, config);
            }
            case "CRL" -> {
                key.requireRole(name, CordaRole.DOORMAN_CA);
                yield new CrlWork(services.get(0), key, config);
            }
            case "NETWORK_MAP" -> {
                key.requireRole(name, CordaRole.NETWORK_MAP);
                yield new MapWork(services, SigningProtocol.NETWORK_MAP, key);
            }
            default -> {
                key.requireRole(name, CordaRole.NETWORK_MAP, CordaRole.NETWORK_PARAMETERS);
                yield new MapWork(services, SigningProtocol.NETWORK_PARAMETERS, key);
            }
        };
        Optional<Duration> interval = config.hasPath("schedule.interval")
                ? Optional.of(ConfigText.duration(config, "schedule.interval", Duration.ofMillis(1))) : Optional.empty();
        return new Signer(name, type, work, interval);
    }

    Work ofType(String type) {
        return all.stream().filter(signer -> signer.type().equals(type)).map(Signer::work).findFirst()
                .orElseThrow(() -> new ServiceError(404, "SIGNER_SIGNING_PROCESS_NOT_FOUND",
                        "No " + type + " type signing process set up"));
    }
}
