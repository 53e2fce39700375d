package org.cordanetes.standin.zone;

import com.typesafe.config.Config;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.IdentityManagerConfig;
import org.cordanetes.standin.networkmap.NetworkMapConfig;
import org.cordanetes.standin.signer.SignerConfig;

/** The services whose configuration the Zone Service holds. */
public enum ServiceKind {
    IDENTITY_MANAGER("Identity Manager", IdentityManagerConfig.shape(true)),
    SIGNER("Signing Service", SignerConfig.shape(true)),
    NETWORK_MAP("Network Map", NetworkMapConfig.shape(true));

    private final String title;
    private final Shape shape;

    ServiceKind(String title, Shape shape) {
        this.title = title;
        this.shape = shape;
    }

    public String title() {
        return title;
    }

    /** The uploaded configuration, or a refusal with the Zone Service's own codes. */
    Config accept(String text) {
        Config config;
        try {
            config = ConfigText.parse(text, "the configuration");
        } catch (ConfigException e) {
            throw new ServiceError(400, "ZONE_SERVICE_CONFIG_PARSING_FAILED", String.join("; ", e.problems()));
        }
        try {
            return ConfigText.checked(config, shape, "the configuration of the " + title);
        } catch (ConfigException e) {
            throw new ServiceError(400, "ZONE_SERVICE_CONFIG_VALIDATION_FAILED", String.join("; ", e.problems()));
        }
    }
}
