package org.cordanetes.standin.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.access.TokenFacts;
import org.cordanetes.standin.access.TokenVerifier;
import org.cordanetes.standin.auth.AuthConfig.Client;
import org.cordanetes.standin.auth.Records.User;
import org.cordanetes.standin.auth.Tokens.Claims;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.Request;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.http.ServiceError;

/** The HTTPS interface of the Auth Service: login for Gateways, account management, answers about tokens. */
final class AuthRoutes {
    private static final String API = "/api/v1";
    private final Accounts accounts;
    private final Tokens tokens;
    private final List<Client> clients;

    AuthRoutes(Accounts accounts, Tokens tokens, List<Client> clients) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.clients = clients;
    }

    void on(HttpListener http) {
        http.route("POST", API + "/authentication/authenticate", this::authenticate)
                .route("POST", API + "/authentication/change-password", this::changePassword)
                .route("GET", TokenVerifier.PATH, this::token);
        for (String kind : List.of("users", "groups", "roles")) {
            http.route("GET", API + "/admin/" + kind, request -> {
                requireAdministrator(request);
                return Response.json(accounts.list(kind));
            }).route("POST", API + "/admin/" + kind, request -> {
                requireAdministrator(request);
                var body = request.json();
                accounts.create(kind, body);
                return Response.json(201, accounts.one(kind, body.path("name").asText()));
            }).route("GET", API + "/admin/" + kind + "/{name}", request -> {
                requireAdministrator(request);
                return Response.json(accounts.one(kind, request.variable("name")));
            }).route("PATCH", API + "/admin/" + kind + "/{name}", request -> {
                requireAdministrator(request);
                accounts.patch(kind, request.variable("name"), request.json());
                return Response.json(accounts.one(kind, request.variable("name")));
            }).route("DELETE", API + "/admin/" + kind + "/{name}", request -> {
                requireAdministrator(request);
                accounts.delete(kind, request.variable("name"));
                return Response.empty(204);
            });
        }
    }

    private Response authenticate(Request request) throws IOException {
        Client client = client(request);
        Map<String, String> form = request.form();
        String user = switch (form.getOrDefault("grant_type", "")) {
            case "password" -> accounts.login(form.getOrDefault("username", ""),
                    form.getOrDefault("password", "")).name();
            case "refresh_token" -> {
                Claims claims = current(form.get("refresh_token"), "refresh");
                yield accounts.user(claims.user()).filter(User::enabled).map(User::name)
                        .orElseThrow(() -> ServiceError.unauthenticated("the user of the token is gone"));
            }
            default -> throw ServiceError.invalid("'grant_type' must be password or refresh_token");
        };
        ObjectNode answer = Json.object()
                .put("access_token", tokens.access(user, client))
                .put("token_type", "bearer")
                .put("refresh_token", tokens.refresh(user, client))
                .put("expires_in", client.accessSeconds())
                .put("scope", String.join(" ", client.scopes()));
        return Response.json(answer).with("Cache-Control", "no-store");
    }

    private Response changePassword(Request request) throws IOException {
        client(request);
        var body = request.json();
        User user = accounts.login(body.path("username").asText(), body.path("password").asText());
        accounts.setPassword(user, body.path("newPassword").asText());
        return Response.empty(204);
    }

    /** What the services ask for each admin call. */
    private Response token(Request request) {
        Claims claims = tokens.read(request.bearer());
        if (!claims.use().equals("access")) {
            throw ServiceError.unauthenticated("a refresh token cannot be used for a call");
        }
        User user = accounts.user(claims.user()).filter(User::enabled)
                .orElseThrow(() -> ServiceError.unauthenticated("the user of the token is gone or disabled"));
        return Response.json(new TokenFacts(user.name(), user.admin(), claims.issuer(), claims.audience(),
                claims.scopes(), claims.expiresAt(), accounts.grants(user)));
    }

    private void requireAdministrator(Request request) {
        Claims claims = current(request.bearer(), "access");
        User user = accounts.user(claims.user()).filter(User::enabled)
                .orElseThrow(() -> ServiceError.unauthenticated("the user of the token is gone or disabled"));
        if (!user.admin()) {
            throw ServiceError.forbidden("the user '" + user.name() + "' is not an administrator");
        }
        if (!claims.scopes().contains("accounts:admin")) {
            throw ServiceError.forbidden("this Gateway's client does not have the scope accounts:admin");
        }
    }

    private Claims current(String token, String use) {
        Claims claims = tokens.read(token);
        if (!claims.use().equals(use) || Instant.now().getEpochSecond() > claims.expiresAt()) {
            throw ServiceError.unauthenticated("the token has expired or is of another kind; log in again");
        }
        return claims;
    }

    private Client client(Request request) {
        String header = request.header("Authorization");
        if (header != null && header.startsWith("Basic ")) {
            byte[] sent = header.substring(6).getBytes(StandardCharsets.US_ASCII);
            for (Client client : clients) {
                byte[] wanted = Base64.getEncoder()
                        .encode((client.id() + ":" + client.secret()).getBytes(StandardCharsets.UTF_8));
                if (MessageDigest.isEqual(sent, wanted)) {
                    return client;
                }
            }
        }
        throw ServiceError.unauthenticated("the Gateway's client id or client secret is not known to the Auth Service");
    }
}
