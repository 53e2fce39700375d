package org.cordanetes.standin.identitymanager;

import java.util.List;

/** A certificate signing request and what has become of it. Byte strings are Base64. */
record CertificateRequest(String id, String legalName, String role, String keyHash, String csr, Status status,
                          Rejection rejection, String rejectionText, List<String> certificates, String serial,
                          long receivedAt) {
    enum Status { APPROVED, REJECTED, ISSUED }

    static CertificateRequest approved(String id, String legalName, String role, String keyHash, String csr) {
        return new CertificateRequest(id, legalName, role, keyHash, csr, Status.APPROVED, null, null, List.of(), null,
                System.currentTimeMillis());
    }

    static CertificateRequest rejected(String id, String legalName, String role, String keyHash, String csr,
                                       Rejection why, String text) {
        return new CertificateRequest(id, legalName, role, keyHash, csr, Status.REJECTED, why, text, List.of(), null,
                System.currentTimeMillis());
    }

    CertificateRequest issued(List<String> chain, String serialNumber) {
        return new CertificateRequest(id, legalName, role, keyHash, csr, Status.ISSUED, null, null, chain, serialNumber,
                receivedAt);
    }
}
