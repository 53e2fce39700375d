package org.cordanetes.standin.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;

/** Finds the admin port of each service and speaks to it; the Zone Service knows all addresses. */
final class Services {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private final JsonClient zone;
    private final SSLContext tls;
    private final Map<String, JsonClient> clients = new ConcurrentHashMap<>();

    Services(String zoneHost, int zonePort, SSLContext tls) {
        this.zone = new JsonClient("Zone Service", zoneHost, zonePort, tls, LIMIT);
        this.tls = tls;
    }

    /** Runs an admin operation on behalf of the owner of {@code token}. */
    byte[] run(String service, String operation, String subzone, String token, byte[] arguments) throws IOException {
        JsonClient client = service.equals("zone") ? zone : client(service, subzone, token);
        return post(client, operation, token, arguments);
    }

    private JsonClient client(String service, String subzone, String token) throws IOException {
        byte[] answer = post(zone, "locate", token, Json.bytes(Map.of("service", service,
                "subzone", subzone == null ? "" : subzone)));
        String address = Json.read(answer, JsonNode.class).path("address").asText();
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw ServiceError.unavailable("the Zone Service knows no address of the " + name(service)
                    + "; set it with set-admin-address");
        }
        return clients.computeIfAbsent(service + "@" + address, key -> new JsonClient(name(service),
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), tls, LIMIT));
    }

    private static byte[] post(JsonClient client, String operation, String token, byte[] arguments) throws IOException {
        Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
        return client.call("POST", "/admin/" + operation, headers, "application/json", arguments);
    }

    private static String name(String service) {
        return switch (service) {
            case "identity-manager" -> "Identity Manager";
            case "network-map" -> "Network Map";
            default -> "Signing Service";
        };
    }
}
