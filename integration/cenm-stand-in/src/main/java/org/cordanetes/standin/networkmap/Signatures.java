package org.cordanetes.standin.networkmap;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import net.corda.core.internal.DigitalSignatureWithCert;
import net.corda.core.internal.SignedDataWithCert;
import net.corda.core.serialization.SerializedBytes;
import net.corda.nodeapi.internal.network.NetworkMapKt;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;

/** Joins content and the Signing Service's signature into what nodes want, checked as nodes check it. */
final class Signatures {
    private Signatures() {}

    static <T> byte[] join(byte[] content, Signed signed, boolean parameters) {
        List<X509Certificate> chain = certificates(signed.certificates());
        X509Certificate root = chain.get(chain.size() - 1);
        // Nodes hold the root themselves: the chain that goes with the signature ends below it.
        DigitalSignatureWithCert signature = new DigitalSignatureWithCert(chain.get(0), chain.subList(1, chain.size()),
                Base64.getDecoder().decode(signed.signature()));
        SignedDataWithCert<T> data = new SignedDataWithCert<>(new SerializedBytes<T>(content), signature);
        try {
            if (parameters) {
                NetworkMapKt.verifiedNetworkParametersCert(data, Set.of(root));
            } else {
                NetworkMapKt.verifiedNetworkMapCert(data, Set.of(root));
            }
        } catch (Exception e) {
            // Kotlin declares no checked exceptions; every failure here means a signature that nodes would refuse.
            throw ServiceError.invalid("nodes would refuse this signature: " + e);
        }
        return Blobs.write(data);
    }

    static List<X509Certificate> certificates(List<String> encoded) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (String one : encoded) {
                chain.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(one))));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw ServiceError.invalid("what was sent as a certificate is none: " + e.getMessage());
        }
        if (chain.size() < 2) {
            throw ServiceError.invalid("a signature needs its certificates up to the root");
        }
        return chain;
    }
}
