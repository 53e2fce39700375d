package org.cordanetes.standin.identitymanager;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.RevocationMaterial;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Revoked;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;
import org.cordanetes.standin.tls.StartRefused;

/** Revoked certificates, the list that the Signing Service signs, and the static lists of the hierarchy above. */
final class Revocations {
    /** The list of the Identity Manager's own certificates. */
    static final String OWN = "doorman";
    private static final List<String> REASONS = List.of("KEY_COMPROMISE", "CA_COMPROMISE", "AFFILIATION_CHANGED",
            "SUPERSEDED", "CESSATION_OF_OPERATION", "PRIVILEGE_WITHDRAWN");
    private final Documents<Revoked> revoked;
    private final Documents<SignedList> lists;
    private final Map<String, byte[]> files;
    private final Requests requests;

    /** The signed list in force. */
    record SignedList(long number, String crl) {}

    Revocations(Database database, Requests requests, Map<String, byte[]> files) {
        this.revoked = new Documents<>(database, "revoked", Revoked.class);
        this.lists = new Documents<>(database, "crl", SignedList.class);
        this.requests = requests;
        this.files = files;
    }

    /** Reads {@code crlFiles}: each is served under its file name without {@code .crl}. */
    static Map<String, byte[]> files(Config workflow) throws StartRefused {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : workflow.getStringList("crlFiles")) {
            Path path = Path.of(name);
            try {
                byte[] der = Files.readAllBytes(path);
                parse(der);
                files.put(path.getFileName().toString().replaceFirst("\\.crl$", ""), der);
            } catch (IOException e) {
                throw new StartRefused("the CRL file " + path + " cannot be read: " + e.getMessage(), e);
            } catch (GeneralSecurityException e) {
                throw new StartRefused("the file " + path + " is not a certificate revocation list", e);
            }
        }
        return files;
    }

    Optional<byte[]> list(String name) {
        return name.equals(OWN) ? lists.find(OWN).map(list -> Base64.getDecoder().decode(list.crl()))
                : Optional.ofNullable(files.get(name));
    }

    List<Revoked> all() {
        return revoked.all();
    }

    boolean isRevoked(String serial) {
        return revoked.find(serial).isPresent();
    }

    /** Revokes by {@code serial}, {@code requestId} or {@code legalName}; there is no way back. */
    synchronized List<Revoked> revoke(JsonNode request) {
        String reason = request.path("reason").asText("").toUpperCase(Locale.ROOT);
        if (!REASONS.contains(reason)) {
            throw new ServiceError(400, "IDENTITY_MANAGER_INVALID_REVOCATION_REASON",
                    "'" + reason + "' is not one of " + REASONS);
        }
        List<CertificateRequest> found = find(request).stream().filter(one -> one.serial() != null).toList();
        if (found.isEmpty()) {
            throw new ServiceError(404, "IDENTITY_MANAGER_CERTIFICATE_NOT_FOUND", "no issued certificate fits the request");
        }
        return found.stream().map(one -> {
            Revoked entry = new Revoked(one.serial(), reason, System.currentTimeMillis());
            return revoked.find(one.serial()).orElseGet(() -> {
                revoked.put(one.serial(), entry);
                return entry;
            });
        }).toList();
    }

    private List<CertificateRequest> find(JsonNode request) {
        if (request.hasNonNull("serial")) {
            return requests.bySerial(request.get("serial").asText().toLowerCase(Locale.ROOT)).stream().toList();
        }
        if (request.hasNonNull("requestId")) {
            return requests.find(request.get("requestId").asText()).stream().toList();
        }
        return requests.byName(request.path("legalName").asText(""));
    }

    RevocationMaterial material() {
        Optional<SignedList> current = lists.find(OWN);
        return new RevocationMaterial(revoked.all(), current.map(SignedList::number).orElse(0L),
                current.map(SignedList::crl).orElse(null));
    }

    synchronized void accept(String encoded) {
        try {
            parse(Base64.getDecoder().decode(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw ServiceError.invalid("what was sent is not a certificate revocation list");
        }
        lists.put(OWN, new SignedList(material().lastNumber() + 1, encoded));
    }

    static X509CRL parse(byte[] der) throws GeneralSecurityException {
        return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    }
}
