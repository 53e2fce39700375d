package org.cordanetes.standin.identitymanager;

import java.util.List;

/** What goes over the issuance and revocation ENM ports. Byte strings are Base64. */
public final class IssuanceProtocol {
    public static final String APPROVED = "/issuance/approved";
    public static final String ISSUED = "/issuance/issued";
    public static final String UNKNOWN = "/issuance/unknown";
    public static final String REVOCATION_MATERIAL = "/revocation/material";
    public static final String CRL = "/revocation/crl";

    private IssuanceProtocol() {}

    /** A request that waits for its certificate. */
    public record Approved(String id, String legalName, String role, String csr) {}

    public record ApprovedList(List<Approved> requests) {}

    /** The certificate for a request, followed by its issuers up to the root. */
    public record Issued(String id, List<String> certificates) {}

    /** SHA-256 fingerprints in hex of certificates; the answer names those that were not issued here or are revoked. */
    public record Fingerprints(List<String> fingerprints) {}

    public record Revoked(String serial, String reason, long revokedAt) {}

    /** What a certificate revocation list is made of; {@code crl} is the one in force, null before the first. */
    public record RevocationMaterial(List<Revoked> revoked, long lastNumber, String crl) {}

    public record SignedCrl(String crl) {}
}
