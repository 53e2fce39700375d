package org.cordanetes.standin.access;

import com.typesafe.config.Config;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** Asks the Auth Service of {@code authServiceConfig} whether a token is good and what its user may do. */
public final class TokenVerifier {
    /** Where the Auth Service answers; a path of the stand-in's own. */
    public static final String PATH = "/stand-in/token";
    private final JsonClient auth;
    private final String issuer;
    private final Duration leeway;
    private final String audience;

    private TokenVerifier(JsonClient auth, String issuer, Duration leeway, String audience) {
        this.auth = auth;
        this.issuer = issuer;
        this.leeway = leeway;
        this.audience = audience;
    }

    /** @param audience the name by which tokens call this kind of service */
    public static TokenVerifier of(Config config, String audience) throws StartRefused {
        if (ConfigText.flag(config, "disableAuthentication", false)) {
            return new TokenVerifier(null, null, null, audience);
        }
        var trust = MutualTls.trusting(config.getString("trustStore.location"), config.getString("trustStore.password"));
        JsonClient auth = new JsonClient("Auth Service", config.getString("host"), config.getInt("port"), trust,
                Duration.ofSeconds(10));
        return new TokenVerifier(auth, config.getString("issuer"),
                ConfigText.duration(config, "leeway", Duration.ofSeconds(1)), audience);
    }

    public Caller identify(String token) {
        if (auth == null) {
            return Caller.unrestricted();
        }
        if (token == null) {
            throw ServiceError.unauthenticated("no token was sent; log in first");
        }
        TokenFacts facts = ask(token);
        if (!issuer.equals(facts.issuer())) {
            throw ServiceError.unauthenticated("the token was issued by '" + facts.issuer()
                    + "', but this service is configured for the issuer '" + issuer + "'");
        }
        if (!facts.audience().contains(audience)) {
            throw ServiceError.unauthenticated("the token is not meant for '" + audience + "', only for "
                    + facts.audience());
        }
        if (Instant.now().isAfter(Instant.ofEpochSecond(facts.expiresAt()).plus(leeway))) {
            throw ServiceError.unauthenticated("the token has expired; log in again");
        }
        return Caller.of(facts);
    }

    private TokenFacts ask(String token) {
        try {
            byte[] answer = auth.call("GET", PATH, Map.of("Authorization", "Bearer " + token), null, null);
            return Json.read(answer, TokenFacts.class);
        } catch (IOException e) {
            throw ServiceError.unavailable("the token cannot be verified: " + e.getMessage());
        }
    }
}
