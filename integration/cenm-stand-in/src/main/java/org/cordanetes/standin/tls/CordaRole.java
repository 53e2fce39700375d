package org.cordanetes.standin.tls;

import java.security.cert.X509Certificate;

/** The role that Corda's certificate extension gives to a certificate, read without Corda's classes. */
public enum CordaRole {
    DOORMAN_CA, NETWORK_MAP, SERVICE_IDENTITY, NODE_CA, TLS, LEGAL_IDENTITY, CONFIDENTIAL_LEGAL_IDENTITY,
    NETWORK_PARAMETERS;

    private static final String EXTENSION = "1.3.6.1.4.1.50530.1.1";

    /** The role, or null when the certificate has none. */
    public static CordaRole of(X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue(EXTENSION);
        // OCTET STRING (04 03) around INTEGER (02 01 n).
        if (value == null || value.length != 5 || value[2] != 0x02) {
            return null;
        }
        int number = value[4];
        return number >= 1 && number <= values().length ? values()[number - 1] : null;
    }
}
