package org.cordanetes.standin.identitymanager;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Logger;
import net.corda.core.internal.CertRole;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.CertificateRequest.Status;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;

/** All certificate signing requests of the zone; every acceptable one is approved at once. */
final class Requests {
    private static final Logger LOG = Logger.getLogger("IdentityManager");
    private final Documents<CertificateRequest> requests;
    /** Serial number by fingerprint of every certificate issued. */
    private final Map<String, String> issued = new HashMap<>();

    Requests(Database database) {
        this.requests = new Documents<>(database, "certificate-request", CertificateRequest.class);
        requests.where(request -> request.status() == Status.ISSUED).forEach(request ->
                issued.put(fingerprint(decode(request.certificates().get(0))), request.serial()));
    }

    /** The id under which the sender asks for the outcome. */
    synchronized String submit(byte[] der) {
        Csr csr = Csr.parse(der);
        String encoded = Base64.getEncoder().encodeToString(der);
        String subject = csr.subject().getName();
        String name;
        try {
            name = csr.legalName().toString();
        } catch (IllegalArgumentException e) {
            return keep(CertificateRequest.rejected(newId(), subject, "", csr.keyHash(), encoded,
                    Rejection.INCORRECT_X500_NAME_FORMAT, "the name is not one that Corda accepts: " + e.getMessage()));
        }
        CertRole role = csr.role();
        if (role != CertRole.NODE_CA && role != CertRole.SERVICE_IDENTITY) {
            return keep(CertificateRequest.rejected(newId(), name, String.valueOf(role), csr.keyHash(), encoded,
                    Rejection.CERTIFICATE_ROLE_NOT_ALLOWED, "the role " + role + " is not issued to nodes"));
        }
        for (CertificateRequest other : requests.where(request -> request.status() != Status.REJECTED)) {
            boolean sameName = other.legalName().equals(name);
            boolean sameKey = other.keyHash().equals(csr.keyHash());
            if (sameName && sameKey && other.role().equals(role.name())) {
                // The sender lost the id of its own request, for example by being killed after sending it.
                return other.id();
            }
            if (sameName) {
                return keep(CertificateRequest.rejected(newId(), name, role.name(), csr.keyHash(), encoded,
                        Rejection.DUPLICATE_X500_NAME, "the legal name '" + name + "' is taken by the request " + other.id()));
            }
            if (sameKey) {
                return keep(CertificateRequest.rejected(newId(), name, role.name(), csr.keyHash(), encoded,
                        Rejection.DUPLICATE_PUBLIC_KEY, "the public key is used by the request " + other.id()));
            }
        }
        return keep(CertificateRequest.approved(newId(), name, role.name(), csr.keyHash(), encoded));
    }

    Optional<CertificateRequest> find(String id) {
        return requests.find(id);
    }

    List<CertificateRequest> inStatus(Status status) {
        return requests.where(request -> request.status() == status);
    }

    List<CertificateRequest> byName(String name) {
        return requests.where(request -> request.legalName().equals(name) && request.status() == Status.ISSUED);
    }

    Optional<CertificateRequest> bySerial(String serial) {
        return requests.where(request -> serial.equals(request.serial())).stream().findFirst();
    }

    synchronized void issue(String id, List<String> certificates) {
        CertificateRequest request = requests.find(id)
                .orElseThrow(() -> ServiceError.notFound("Failed to find the request with id: " + id));
        if (request.status() == Status.ISSUED) {
            return;
        }
        if (certificates.size() < 3) {
            throw ServiceError.invalid("a certificate needs its issuers up to the root");
        }
        X509Certificate leaf = decode(certificates.get(0));
        String serial = leaf.getSerialNumber().toString(16);
        requests.put(id, request.issued(certificates, serial));
        issued.put(fingerprint(leaf), serial);
        LOG.info("certificate " + serial + " with role " + request.role() + " issued to " + request.legalName());
    }

    /** The serial number of a certificate that was issued here, or null. */
    synchronized String serial(String fingerprint) {
        return issued.get(fingerprint);
    }

    private String keep(CertificateRequest request) {
        requests.put(request.id(), request);
        LOG.info("request " + request.id() + " of " + request.legalName() + ": " + request.status()
                + (request.rejection() == null ? "" : " (" + request.rejection() + ")"));
        return request.id();
    }

    private static String newId() {
        return UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
    }

    private static X509Certificate decode(String certificate) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(Base64.getDecoder().decode(certificate)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw ServiceError.invalid("what was sent as a certificate is none: " + e.getMessage());
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was parsed from an encoding", e);
        }
    }
}
