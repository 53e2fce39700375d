package org.cordanetes.standin.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.IOException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** The admin port of a service: named operations over mutual TLS, each on behalf of a user. */
public final class AdminListener implements AutoCloseable {
    private final HttpListener http;
    private final TokenVerifier verifier;

    /** Takes JSON and gives back what is turned into JSON. */
    @FunctionalInterface
    public interface Operation {
        Object run(Caller caller, JsonNode arguments) throws IOException;
    }

    private AdminListener(HttpListener http, TokenVerifier verifier) {
        this.http = http;
        this.verifier = verifier;
    }

    /** Opens the {@code adminListener} of a configuration that also has {@code authServiceConfig}. */
    public static AdminListener bind(String service, Config config, String audience) throws StartRefused {
        Config listener = config.getConfig("adminListener");
        TokenVerifier verifier = TokenVerifier.of(config.getConfig("authServiceConfig"), audience);
        return new AdminListener(HttpListener.tls(service + " admin listener",
                ConfigText.textOr(listener, "host", null), listener.getInt("port"), MutualTls.under(listener), true),
                verifier);
    }

    public AdminListener operation(String name, Operation operation) {
        http.route("POST", "/admin/" + name, request -> {
            Caller caller = verifier.identify(request.bearer());
            return Response.json(operation.run(caller, request.json()));
        });
        return this;
    }

    public AdminListener start() {
        http.start();
        return this;
    }

    @Override
    public void close() {
        http.close();
    }
}
