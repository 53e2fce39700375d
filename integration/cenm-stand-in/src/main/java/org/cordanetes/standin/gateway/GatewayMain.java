package org.cordanetes.standin.gateway;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.Request;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** {@code bin/gateway.jar}: plain HTTP outside, HTTPS to Auth and mutual TLS to the admin ports inside. */
public final class GatewayMain {
    private static final String API = "/api/v1";
    private final JsonClient auth;
    private final String credentials;
    private final Services services;

    private GatewayMain(JsonClient auth, String credentials, Services services) {
        this.auth = auth;
        this.credentials = credentials;
        this.services = services;
    }

    public static void main(String[] args) {
        Launch.service("Gateway Service", "gateway-service", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Arguments arguments = new Arguments.Known().value("--config-file|-f").value("--logging-level")
                .flag("--verbose|-v").parse(args);
        Config config = ConfigText.read(Path.of(arguments.require("--config-file")), GatewayConfig.shape());
        Config client = config.getConfig("auth.clientCredentials");
        String credentials = Base64.getEncoder().encodeToString((client.getString("clientId") + ":"
                + client.getString("clientSecret")).getBytes(StandardCharsets.UTF_8));
        JsonClient auth = new JsonClient("Auth Service", config.getString("auth.serverUrl"), MutualTls.trusting(
                config.getString("auth.sslConfig.trustStore"), config.getString("auth.sslConfig.trustStorePassword")),
                Duration.ofSeconds(20));
        Config cenm = config.getConfig("cenm");
        Services services = new Services(cenm.getString("zoneHost"), cenm.getInt("zonePort"), MutualTls.under(cenm));
        int port = config.hasPath("server.port") ? config.getInt("server.port") : 8080;
        HttpListener http = launch.keep(HttpListener.plain("Gateway", null, port));
        new GatewayMain(auth, credentials, services).on(http);
        http.start();
    }

    private void on(HttpListener http) {
        http.route("GET", API + "/authentication/config", request -> Response.json(Map.of(
                "providers", List.of("internal"), "standIn", true)));
        for (String path : List.of("/authentication/authenticate", "/authentication/change-password")) {
            http.route("POST", API + path, request -> toAuth("POST", API + path, request));
        }
        for (String kind : List.of("users", "groups", "roles")) {
            String path = API + "/admin/" + kind;
            for (String method : List.of("GET", "POST")) {
                http.route(method, path, request -> toAuth(method, path, request));
            }
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                http.route(method, path + "/{name}",
                        request -> toAuth(method, path + "/" + request.variable("name"), request));
            }
        }
        http.route("POST", API + "/stand-in/{service}/{operation}", this::toService);
    }

    private Response toAuth(String method, String path, Request request) {
        boolean login = path.contains("/authentication/");
        String authorization = login ? "Basic " + credentials : request.header("Authorization");
        Map<String, String> headers = authorization == null ? Map.of() : Map.of("Authorization", authorization);
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        try {
            String type = request.header("Content-Type");
            JsonClient.Answer answer = auth.exchange(method, path, headers,
                    type == null ? "application/json" : type, bodiless ? null : request.body());
            return new Response(answer.status(), Map.of("Content-Type", "application/json"), answer.body());
        } catch (IOException e) {
            throw ServiceError.unavailable(e.getMessage());
        }
    }

    private Response toService(Request request) {
        String service = request.variable("service");
        if (!List.of("zone", "identity-manager", "network-map", "signer").contains(service)) {
            throw ServiceError.notFound("there is no service '" + service + "'");
        }
        try {
            return new Response(200, Map.of("Content-Type", "application/json"), services.run(service,
                    request.variable("operation"), request.query("subzone"), request.bearer(), request.body()));
        } catch (IOException e) {
            throw ServiceError.unavailable(e.getMessage());
        }
    }
}
