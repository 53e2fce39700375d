package org.cordanetes.standin.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.cordanetes.standin.auth.AuthConfig.Client;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.tls.Stores.KeyEntry;

/** Makes and reads JSON Web Tokens, signed with RS256 by the key of the JWT store. */
final class Tokens {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private final KeyEntry key;
    private final String keyId;
    private final String issuer;

    Tokens(KeyEntry key, String keyId, String issuer) {
        this.key = key;
        this.keyId = keyId;
        this.issuer = issuer;
    }

    /** The claims of a token that this service signed and that has not expired. */
    record Claims(String user, String use, String issuer, List<String> audience, List<String> scopes, long expiresAt) {}

    String access(String user, Client client) {
        return sign(user, "access", client, client.accessSeconds());
    }

    String refresh(String user, Client client) {
        return sign(user, "refresh", client, client.refreshSeconds());
    }

    private String sign(String user, String use, Client client, long seconds) {
        ObjectNode header = Json.object().put("alg", "RS256").put("typ", "JWT");
        if (keyId != null) {
            header.put("kid", keyId);
        }
        long now = Instant.now().getEpochSecond();
        ObjectNode claims = Json.object().put("iss", issuer).put("sub", user).put("user_name", user)
                .put("use", use).put("client_id", client.id()).put("jti", UUID.randomUUID().toString())
                .put("iat", now).put("exp", now + seconds);
        client.audience().forEach(claims.putArray("aud")::add);
        client.scopes().forEach(claims.putArray("scope")::add);
        String content = ENCODER.encodeToString(Json.bytes(header)) + "." + ENCODER.encodeToString(Json.bytes(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.key());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + ENCODER.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JWT key was checked at the start", e);
        }
    }

    Claims read(String token) {
        String[] parts = token == null ? new String[0] : token.split("\\.");
        if (parts.length != 3) {
            throw ServiceError.unauthenticated("what was sent is not a token");
        }
        JsonNode claims;
        try {
            if (!genuine(parts[0] + "." + parts[1], Base64.getUrlDecoder().decode(parts[2]))) {
                throw ServiceError.unauthenticated("the token was not signed by this Auth Service");
            }
            claims = Json.read(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8), JsonNode.class);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw ServiceError.unauthenticated("the token is damaged");
        }
        // Expiry is the reader's to judge, by its own clock and leeway.
        return new Claims(claims.path("sub").asText(), claims.path("use").asText(), claims.path("iss").asText(),
                texts(claims.path("aud")), texts(claims.path("scope")), claims.path("exp").asLong());
    }

    private boolean genuine(String content, byte[] signed) {
        PublicKey publicKey = key.certificate().getPublicKey();
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(publicKey);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }
}
